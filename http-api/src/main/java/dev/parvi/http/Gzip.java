package dev.parvi.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.http.scaladsl.model.HttpEntity;
import org.apache.pekko.http.scaladsl.model.HttpHeader;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ResponseEntity;
import org.apache.pekko.http.scaladsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/** Compresses long texts for clients that take them so. Streams are left alone: what is compressed waits for more. */
final class Gzip {
    static final HttpHeader VARY = new RawHeader("Vary", "Accept-Encoding");
    private static final HttpHeader ENCODED = new RawHeader("Content-Encoding", "gzip");
    private static final int NOT_NAMED = -1;

    private final int bytesMin;

    Gzip(int bytesMin) {
        this.bytesMin = bytesMin;
    }

    /** The same answer, shorter if that is worth it. The entity tag stays: it names what is said, and not the bytes. */
    HttpResponse compress(HttpRequest request, HttpResponse response) {
        if (!(response.entity() instanceof HttpEntity.Strict body)
                || body.data().length() < bytesMin
                || !body.contentType().mediaType().isCompressible()) return response;
        var varied = Answers.with(response, VARY);
        if (!isAccepted(RequestHead.acceptEncodingOf(request))) return varied;
        var bytes = gzip(body.data().toArrayUnsafe());
        if (bytes.length >= body.data().length()) return varied;
        var entity = new HttpEntity.Strict(body.contentType(), ByteString.fromArrayUnsafe(bytes));
        return Answers.with(varied, ENCODED).withEntity((ResponseEntity) entity);
    }

    /** Whether Accept-Encoding takes gzip, and not less than the bytes as they are. */
    static boolean isAccepted(String accepted) {
        if (accepted.isEmpty()) return false;
        var gzip = NOT_NAMED;
        var others = NOT_NAMED;
        var identity = NOT_NAMED;
        for (var range : accepted.split(",", -1)) {
            var semicolon = range.indexOf(';');
            var weight = semicolon < 0 ? Weight.of("") : Weight.of(range.substring(semicolon + 1));
            var coding = semicolon < 0 ? range : range.substring(0, semicolon);
            switch (coding.strip().toLowerCase(Locale.ROOT)) {
                case "gzip", "x-gzip" -> gzip = weight;
                case "*" -> others = weight;
                case "identity" -> identity = weight;
                default -> {}
            }
        }
        var weight = gzip == NOT_NAMED ? others : gzip;
        return weight > 0 && weight >= identity;
    }

    private static byte[] gzip(byte[] text) {
        var bytes = new ByteArrayOutputStream(text.length / 4);
        try (var gzip = new Fast(bytes)) {
            gzip.write(text);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        return bytes.toByteArray();
    }

    /** Replies are made anew for each request, so the time counts more than the last percent. */
    private static final class Fast extends GZIPOutputStream {
        Fast(OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
