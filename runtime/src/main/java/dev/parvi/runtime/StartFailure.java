package dev.parvi.runtime;

/**
 * A node cannot start or cannot go on, for a reason that a person can mend. The message is one sentence; the process prints it and
 * ends with {@link #exit()}.
 */
public final class StartFailure extends RuntimeException {
    private final Exit exit;

    private StartFailure(Exit exit, String sentence) {
        super(sentence, null, false, false);
        this.exit = exit;
    }

    /** Anything else than a mistake in the settings. */
    public static StartFailure of(Exit exit, String sentence) {
        return new StartFailure(exit, sentence);
    }

    /** A mistake in the settings or in the command line. */
    public static StartFailure usage(String sentence) {
        return new StartFailure(Exit.USAGE, sentence);
    }

    public Exit exit() {
        return exit;
    }

    /** What happened and what to do about it, in one sentence. */
    public String sentence() {
        return String.valueOf(getMessage());
    }

    /** How the process ends; scripts may depend on the codes. */
    public enum Exit {
        /** Stopped as asked. */
        OK(0),
        /** A fault of Parvi or of an entity's code: the log has the details. */
        FAULT(1),
        /** A wrong option or setting. */
        USAGE(2),
        /** A port, a folder, a store or the JDK is not as needed. */
        MACHINE(3),
        /** Could not become a member of the cluster. */
        JOIN(4),
        /** The cluster went on without this node, which therefore had to stop. */
        REMOVED(5),
        /** What is stored has damage; the output says which. */
        DAMAGE(6);

        private final int code;

        Exit(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }
}
