package dev.parvi.evidence;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What clients saw of one failure.
 *
 * @param requests how many were answered after it
 * @param failed how many of them with anything but 200
 * @param worst the longest that one of them waited
 * @param gap the longest that one entity went without an acknowledgement
 * @param example one of the failed, or nothing
 */
record Waits(int requests, long failed, Duration worst, Duration gap, String example) {
    /** Of all requests that were not answered yet when it began. */
    static Waits since(long faultNanos, List<Answer> answers) {
        var concerned = answers.stream()
                .filter(answer -> answer.doneNanos() >= faultNanos)
                .toList();
        var bad = concerned.stream().filter(answer -> !answer.isGood()).toList();
        var worst = concerned.stream().mapToLong(Answer::waitedNanos).max().orElse(0);
        var example = bad.stream()
                .findFirst()
                .map(answer -> answer.status() + " " + answer.text())
                .orElse("");
        return new Waits(
                concerned.size(), bad.size(), Duration.ofNanos(worst), longestGap(faultNanos, answers), example);
    }

    private static Duration longestGap(long faultNanos, List<Answer> answers) {
        Map<Integer, Long> last = new HashMap<>();
        var longest = 0L;
        for (var answer : answers) {
            if (!answer.isGood()) continue;
            var before = last.put(answer.key(), answer.doneNanos());
            if (before == null || answer.doneNanos() < faultNanos) continue;
            longest = Math.max(longest, answer.doneNanos() - before);
        }
        return Duration.ofNanos(longest);
    }
}
