package dev.parvi.http;

/** Carries a problem out of the parsing code. Has no stack trace: it is the client's fault, not ours. */
final class Refusal extends RuntimeException {
    private final transient Problem problem;

    Refusal(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    static Refusal of(ProblemKind kind, String detail) {
        return new Refusal(Problem.of(kind, detail));
    }

    static Refusal ofField(ProblemKind kind, String field, String message) {
        return new Refusal(Problem.ofField(kind, field, message));
    }

    Problem problem() {
        return problem;
    }
}
