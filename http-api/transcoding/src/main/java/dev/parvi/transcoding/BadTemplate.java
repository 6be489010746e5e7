package dev.parvi.transcoding;

/** Says what is wrong with a template, in words that go on after its name. */
final class BadTemplate extends RuntimeException {
    private final transient Fault fault;

    BadTemplate(String what, String instead) {
        super(what, null, false, false);
        this.fault = new Fault(what, instead);
    }

    Fault fault() {
        return fault;
    }
}
