package dev.parvi.docs;

/** One place where a rule is broken. */
record Finding(Rule rule, String path, int line, String what) {
    @Override
    public String toString() {
        return path + ":" + line + ": " + what + "  [" + rule + "]";
    }

    /** What the rules are about; the text says it to whoever broke one. */
    enum Rule {
        FILE_TOO_BIG,
        NO_NEWLINE_AT_END,
        NAMES_A_MACHINE,
        SHELL_SYNTAX,
        UNFINISHED,
        BANNER_COMMENT,
        COMMENTED_OUT_CODE,
        AUTHOR_TAG,
        FILE_TOO_LONG,
        METHOD_TOO_LONG,
        EMPTY_NAME,
        GET_ACCESSOR,
        INSTANCEOF_LADDER,
        TEST_NAME,
        TEST_CLASS_NAME,
        TOO_MANY_PUBLIC_TYPES,
        TOO_MANY_TYPES_IN_PACKAGE,
        PACKAGES_AS_FOLDERS,
        PACKAGE_WITHOUT_INFO
    }
}
