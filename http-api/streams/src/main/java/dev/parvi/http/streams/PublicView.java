package dev.parvi.http.streams;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.parvi.protobuf.OptionsProto;

/** What of an event may leave the cluster: all but what its author has marked {@code (parvi.v1.private)}. */
public final class PublicView {
    private PublicView() {}

    /** Whether a field may be shown. */
    public static boolean shows(FieldDescriptor field) {
        return !field.getOptions().getExtension(OptionsProto.private_);
    }

    /** Whether anything of an event may be shown: its case is public, and this release knows it. */
    static boolean shows(Message event) {
        var cases = event.getAllFields().keySet();
        return !cases.isEmpty() && cases.stream().allMatch(PublicView::shows);
    }
}
