package dev.parvi.testkit.history;

import com.google.protobuf.ByteString;
import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.Ledger;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.testkit.history.Operation.End;
import dev.parvi.testkit.history.Operation.Kind;
import dev.parvi.testkit.history.Script.Seen;
import dev.parvi.testkit.history.Script.Told;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One thing that a cluster could get wrong, and who must see it. */
enum Mutation {
    A_COMMAND_IS_NOT_STORED("lost") {
        @Override
        boolean changes(Script script, Random random) {
            var told = pick(script, random, line -> line.isAcknowledged() && isThere(script, line));
            if (told < 0) return false;
            var line = script.told.get(told);
            var own = script.books.of(line.entity());
            if (own.firstKey() < line.revision() - 1) dropAndClose(script, line);
            else own.tailMap(line.revision(), true).clear();
            return true;
        }
    },
    A_REVISION_IS_TOLD_TWICE("twice") {
        @Override
        boolean changes(Script script, Random random) {
            var told = pick(script, random, Told::isAcknowledged);
            if (told < 0) return false;
            var line = script.told.get(told);
            var other = pick(script, random, each -> each.isAcknowledged() && isOther(each, line));
            if (other < 0) return false;
            script.told.set(told, line.withRevision(script.told.get(other).revision()));
            return true;
        }
    },
    A_COMMAND_IS_STORED_BELOW_AN_EARLIER_ONE("order") {
        @Override
        boolean changes(Script script, Random random) {
            var told = pick(script, random, line -> line.isAcknowledged() && isAlone(script, line));
            if (told < 0) return false;
            var line = script.told.get(told);
            var later = pick(
                    script,
                    random,
                    each -> each.isAcknowledged()
                            && isOther(each, line)
                            && each.begun() > line.ended()
                            && isAlone(script, each));
            if (later < 0) return false;
            var other = script.told.get(later);
            script.told.set(told, line.withTimes(other.begun(), other.ended()));
            script.told.set(later, other.withTimes(line.begun(), line.ended()));
            return true;
        }
    },
    A_CONFIRMED_QUERY_IS_STALE("order") {
        @Override
        boolean changes(Script script, Random random) {
            var told = pick(script, random, line -> line.kind() == Kind.CONFIRMED_QUERY);
            if (told < 0) return false;
            var line = script.told.get(told);
            var before = pick(
                    script,
                    random,
                    each -> each.isAcknowledged() && each.id().equals(line.id()) && each.ended() < line.begun());
            if (before < 0) return false;
            script.told.set(told, line.withRevision(script.told.get(before).revision() - 1));
            return true;
        }
    },
    A_QUERY_SHOWS_WHAT_IS_NOT_THERE("lost") {
        @Override
        boolean changes(Script script, Random random) {
            var told = pick(script, random, line -> line.end() == End.ANSWERED);
            if (told < 0) return false;
            var line = script.told.get(told);
            script.told.set(told, line.withRevision(script.books.head(line.entity()) + 1 + random.nextInt(3)));
            return true;
        }
    },
    A_COMMAND_IS_STORED_TWICE("once") {
        @Override
        boolean changes(Script script, Random random) {
            var told = pick(script, random, line -> line.isAcknowledged() && isThere(script, line));
            if (told < 0 || isDeleted(script, script.told.get(told).entity())) return false;
            var line = script.told.get(told);
            var again = script.books.event(line.entity(), line.revision()).toBuilder();
            again.getOutcomeBuilder().setRevision(script.books.head(line.entity()) + 1);
            script.books.append(line.entity(), List.of(again.build()));
            return true;
        }
    },
    A_RETRY_IS_TOLD_ANOTHER_REPLY("once") {
        @Override
        boolean changes(Script script, Random random) {
            var told = pick(script, random, line -> line.isAcknowledged() && !isAlone(script, line));
            if (told < 0) return false;
            script.told.set(told, script.told.get(told).withReply(ByteString.copyFromUtf8("other")));
            return script.told.stream()
                            .filter(line -> line.isAcknowledged()
                                    && line.key().equals(script.told.get(told).key()))
                            .count()
                    > 1;
        }
    },
    A_REPLY_IS_NOT_THE_STORED_ONE("lost") {
        @Override
        boolean changes(Script script, Random random) {
            var told = pick(script, random, line -> line.isAcknowledged() && isThere(script, line));
            if (told < 0) return false;
            script.told.set(told, script.told.get(told).withReply(ByteString.copyFromUtf8("other")));
            return true;
        }
    },
    A_REFUSED_COMMAND_IS_STORED("once") {
        @Override
        boolean changes(Script script, Random random) {
            var told = pick(
                    script, random, line -> line.isAcknowledged() && isThere(script, line) && isAlone(script, line));
            if (told < 0) return false;
            script.told.set(told, script.told.get(told).withEnd(End.REFUSED));
            return true;
        }
    },
    A_COMMAND_GOES_ASTRAY("wrong entity") {
        @Override
        boolean changes(Script script, Random random) {
            var told = pick(
                    script, random, line -> line.isAcknowledged() && isThere(script, line) && isAlone(script, line));
            if (told < 0) return false;
            var line = script.told.get(told);
            script.told.set(told, line.at(line.id().equals("e0") ? "e1" : "e0"));
            return true;
        }
    },
    NOBODY_KNOWS_THE_OUTCOME("undecided") {
        @Override
        boolean changes(Script script, Random random) {
            var told = pick(script, random, line -> line.kind() == Kind.COMMAND);
            if (told < 0) return false;
            script.told.set(told, script.told.get(told).withEnd(random.nextBoolean() ? End.OPEN : End.UNDECIDED));
            return true;
        }
    },
    A_STREAM_LEAVES_AN_EVENT_OUT("stream") {
        @Override
        boolean changes(Script script, Random random) {
            var seen = pickStream(script, random, 2);
            if (seen == null) return false;
            var left = random.nextInt(seen.revisions().size() - 1);
            if (isDeleted(script, "ledger/" + seen.id())
                    && left == seen.revisions().size() - 2) return false;
            seen.revisions().remove(left);
            seen.keys().remove(left);
            return true;
        }
    },
    A_STREAM_ENDS_EARLY("stream") {
        @Override
        boolean changes(Script script, Random random) {
            var seen = pickStream(script, random, 1);
            if (seen == null || !seen.isComplete()) return false;
            seen.revisions().remove(seen.revisions().size() - 1);
            return true;
        }
    },
    A_STREAM_REPEATS_AN_EVENT("stream") {
        @Override
        boolean changes(Script script, Random random) {
            var seen = pickStream(script, random, 1);
            if (seen == null) return false;
            var again = random.nextInt(seen.revisions().size());
            seen.revisions().add(again, seen.revisions().get(again));
            seen.keys().add(again, seen.keys().get(again));
            return true;
        }
    },
    A_STREAM_IS_OUT_OF_ORDER("stream") {
        @Override
        boolean changes(Script script, Random random) {
            var seen = pickStream(script, random, 2);
            if (seen == null) return false;
            var first = random.nextInt(seen.revisions().size() - 1);
            Collections.swap(seen.revisions(), first, first + 1);
            Collections.swap(seen.keys(), first, first + 1);
            return true;
        }
    },
    AN_EVENT_CANNOT_BE_READ("replay") {
        @Override
        boolean changes(Script script, Random random) {
            return store(script, random, event -> event.setType("someone.Elses").build());
        }
    },
    AN_EVENT_IS_NOT_WHAT_THE_COMMAND_LEADS_TO("replay") {
        @Override
        boolean changes(Script script, Random random) {
            return store(
                    script,
                    random,
                    event ->
                            event.setPayload(Ledger.added(1_000).toByteString()).build());
        }
    },
    AN_EVENT_IS_MISSING("replay") {
        @Override
        boolean changes(Script script, Random random) {
            for (var entity : script.books.events.keySet()) {
                var own = script.books.of(entity);
                if (own.size() < 2 || isDeleted(script, entity)) continue;
                own.remove(1 + (long) random.nextInt(own.size() - 1));
                return true;
            }
            return false;
        }
    };

    private final String checker;

    Mutation(String checker) {
        this.checker = checker;
    }

    /** Who must see it; others may. */
    String checker() {
        return checker;
    }

    /** False if there is nothing to change in this history. It may then be changed nevertheless. */
    abstract boolean changes(Script script, Random random);

    private static int pick(Script script, Random random, Predicate<Told> wanted) {
        var all = new ArrayList<Integer>();
        for (var index = 0; index < script.told.size(); index++)
            if (wanted.test(script.told.get(index))) all.add(index);
        return all.isEmpty() ? -1 : all.get(random.nextInt(all.size()));
    }

    private static @Nullable Seen pickStream(Script script, Random random, int eventsMin) {
        var all = script.seen.stream()
                .filter(seen -> seen.revisions().size() >= eventsMin)
                .toList();
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    private static boolean store(Script script, Random random, Function<EventRecord.Builder, EventRecord> change) {
        for (var entity : script.books.events.keySet()) {
            var own = script.books.of(entity);
            if (own.isEmpty() || isDeleted(script, entity)) continue;
            var revision = 1 + (long) random.nextInt(own.size());
            own.put(revision, change.apply(script.books.event(entity, revision).toBuilder()));
            return true;
        }
        return false;
    }

    /** Removes the events of one command, and all that follow move up. */
    private static void dropAndClose(Script script, Told line) {
        var own = script.books.of(line.entity());
        var events = line.method().equals("Split") ? 2 : 1;
        var tail = List.copyOf(own.tailMap(line.revision(), false).values());
        own.tailMap(line.revision() - events, false).clear();
        script.books.append(line.entity(), tail);
    }

    private static boolean isOther(Told line, Told than) {
        return line.id().equals(than.id()) && !line.key().equals(than.key());
    }

    private static boolean isAlone(Script script, Told line) {
        return script.told.stream()
                        .filter(each -> each.key().equals(line.key()))
                        .count()
                == 1;
    }

    private static boolean isThere(Script script, Told line) {
        return script.books.of(line.entity()).containsKey(line.revision());
    }

    private static boolean isDeleted(Script script, String entity) {
        var own = script.books.of(entity);
        return !own.isEmpty() && CommandPipeline.isTombstone(own.lastEntry().getValue());
    }
}
