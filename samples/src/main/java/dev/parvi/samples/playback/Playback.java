package dev.parvi.samples.playback;

import static dev.parvi.entity.Rejection.Code.INVALID_ARGUMENT;
import static dev.parvi.entity.Rejection.Code.NOT_FOUND;
import static dev.parvi.entity.Rejection.Code.OUT_OF_RANGE;

import dev.parvi.entity.CommandContext;
import dev.parvi.entity.Effect;
import dev.parvi.entity.ReadEffect;
import java.util.stream.Stream;

/** What one viewer has begun to watch. Mostly asked, seldom told: what is not worth an event is answered without one. */
public final class Playback extends PlaybackEntity {
    private static final int STEP_SECONDS = 5;
    private static final int TITLES_MAX = 50;

    @Override
    protected Effect<Progress> watch(PlaybackState state, WatchRequest command, CommandContext context) {
        if (command.getTitleId().isEmpty()) return reject(INVALID_ARGUMENT, "title_id", "which title?");
        if (command.getLengthSeconds() < 1) return reject(INVALID_ARGUMENT, "length_seconds", "must be positive");
        if (command.getPositionSeconds() < 0 || command.getPositionSeconds() > command.getLengthSeconds())
            return reject(OUT_OF_RANGE, "position_seconds", "must lie within the title");
        var progress = Progress.newBuilder()
                .setTitleId(command.getTitleId())
                .setPositionSeconds(command.getPositionSeconds())
                .setLengthSeconds(command.getLengthSeconds())
                .build();
        var known = progress(state, command.getTitleId());
        if (isWatched(progress))
            return has(state, command.getTitleId())
                    ? persist(finished(command.getTitleId())).thenReply(after -> progress)
                    : reply(progress);
        if (isLast(state, known) && Math.abs(progress.getPositionSeconds() - known.getPositionSeconds()) < STEP_SECONDS)
            return reply(known);
        return persist(watched(progress)).thenReply(after -> progress);
    }

    @Override
    protected Effect<Titles> forget(PlaybackState state, ForgetRequest command, CommandContext context) {
        if (!has(state, command.getTitleId())) return reject(NOT_FOUND, "title_id", "the title is not on the list");
        return persist(forgotten(command.getTitleId())).thenReply(Playback::titles);
    }

    @Override
    protected ReadEffect<Progress> resume(PlaybackState state, ResumeRequest query, CommandContext context) {
        if (query.getTitleId().isEmpty()) return reject(INVALID_ARGUMENT, "title_id", "which title?");
        return reply(progress(state, query.getTitleId()));
    }

    @Override
    protected ReadEffect<Titles> get(PlaybackState state, GetRequest query, CommandContext context) {
        return reply(titles(state));
    }

    @Override
    protected PlaybackState watched(PlaybackState state, Watched event) {
        var others = others(state, event.getProgress().getTitleId());
        return PlaybackState.newBuilder()
                .addTitles(event.getProgress())
                .addAllTitles(others.limit(TITLES_MAX - 1L).toList())
                .build();
    }

    @Override
    protected PlaybackState finished(PlaybackState state, Finished event) {
        return without(state, event.getTitleId());
    }

    @Override
    protected PlaybackState forgotten(PlaybackState state, Forgotten event) {
        return without(state, event.getTitleId());
    }

    private static PlaybackState without(PlaybackState state, String titleId) {
        return PlaybackState.newBuilder()
                .addAllTitles(others(state, titleId).toList())
                .build();
    }

    private static Stream<Progress> others(PlaybackState state, String titleId) {
        return state.getTitlesList().stream()
                .filter(title -> !title.getTitleId().equals(titleId));
    }

    private static boolean has(PlaybackState state, String titleId) {
        return state.getTitlesList().stream()
                .anyMatch(title -> title.getTitleId().equals(titleId));
    }

    /** Where to go on: at the beginning, if the title is not on the list. */
    private static Progress progress(PlaybackState state, String titleId) {
        return state.getTitlesList().stream()
                .filter(title -> title.getTitleId().equals(titleId))
                .findFirst()
                .orElse(Progress.newBuilder().setTitleId(titleId).build());
    }

    private static boolean isLast(PlaybackState state, Progress title) {
        return state.getTitlesCount() > 0 && state.getTitles(0).equals(title);
    }

    private static boolean isWatched(Progress progress) {
        return progress.getPositionSeconds() * 100L >= progress.getLengthSeconds() * 95L;
    }

    private static Titles titles(PlaybackState state) {
        return Titles.newBuilder().addAllTitles(state.getTitlesList()).build();
    }
}
