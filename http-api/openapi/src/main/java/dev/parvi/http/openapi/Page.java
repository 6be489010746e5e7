package dev.parvi.http.openapi;

import java.util.Map;

/** Something fixed to show, with its entity tag and headers. */
public final class Page {
    /**
     * Scripts, styles and pictures from this node only, nothing inline, in nobody's frame. Swagger UI draws its arrows as data
     * URLs.
     */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", POLICY,
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cache-Control", "no-cache");

    private final String mediaType;
    private final byte[] bytes;
    private final String etag;

    Page(String mediaType, byte[] bytes) {
        this.mediaType = mediaType;
        this.bytes = bytes;
        this.etag = '"' + OpenApi.digest(bytes).substring(0, 32) + '"';
    }

    /** With the charset, for texts. */
    public String mediaType() {
        return mediaType;
    }

    /** Not to be written to. */
    public byte[] bytes() {
        return bytes;
    }

    /** In quotes; the same if the bytes are. */
    public String etag() {
        return etag;
    }

    public Map<String, String> headers() {
        return HEADERS;
    }
}
