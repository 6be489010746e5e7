package dev.parvi.docs;

import java.net.URI;
import javax.tools.SimpleJavaFileObject;

/** A Java source in memory, as the compiler wants it. */
final class JavaText extends SimpleJavaFileObject {
    private final String text;

    JavaText(SourceFile source) {
        super(URI.create("memory:///" + source.path()), Kind.SOURCE);
        this.text = source.text();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
    }
}
