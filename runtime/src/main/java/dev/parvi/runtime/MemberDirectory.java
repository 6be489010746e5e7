package dev.parvi.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that share a data folder: one file each, locked by its process for as long as that lives. The operating system gives
 * the lock up when the process is gone, however it went, so a file that can be locked is proof of a crash: no time-out and no
 * clock takes part. A frozen process keeps its lock.
 */
public final class MemberDirectory {
    private static final String ENTRY = ".member";
    private static final String CLUSTER = "cluster";
    private static final String FOUNDER = "founder.lock";
    /**
     * What this process has locked. Closing any channel of a file, even one that was only read, gives up all locks that the process
     * has on it: a file of our own is never opened a second time.
     */
    private static final Map<Path, Member> OWN = new ConcurrentHashMap<>();

    private static final Set<Path> FOUNDING = ConcurrentHashMap.newKeySet();

    private final Path folder;

    private MemberDirectory(Path folder) {
        this.folder = folder;
    }

    /** The directory of this data folder, made if it is not there. */
    public static MemberDirectory in(Path data) {
        try {
            return new MemberDirectory(
                    Files.createDirectories(data.resolve("members")).toRealPath());
        } catch (IOException e) {
            throw StartFailure.of(StartFailure.Exit.MACHINE, "The data folder " + data + " cannot be written.");
        }
    }

    /** What the nodes of this folder call their cluster, if nobody has given it a name: the first of them makes one up. */
    String clusterName() {
        var kept = folder.resolve(CLUSTER);
        try {
            if (!Files.exists(kept)) {
                var draft = folder.resolve(UUID.randomUUID() + ".draft");
                Files.writeString(
                        draft, "cluster-" + UUID.randomUUID().toString().substring(0, 8));
                try {
                    Files.createLink(kept, draft);
                } catch (FileAlreadyExistsException another) {
                    // Its name is as good.
                } finally {
                    Files.delete(draft);
                }
            }
            return Files.readString(kept);
        } catch (IOException e) {
            throw StartFailure.of(StartFailure.Exit.MACHINE, "The data folder " + folder + " cannot be written.");
        }
    }

    /** Lists this node until the membership is closed or the process ends. */
    Membership join(Member member) {
        var entry = folder.resolve(ProcessHandle.current().pid() + "-" + UUID.randomUUID() + ENTRY);
        var draft = folder.resolve(entry.getFileName() + ".draft");
        try {
            OWN.put(entry, member);
            var channel = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            channel.lock();
            channel.write(ByteBuffer.wrap(member.toText().getBytes(StandardCharsets.UTF_8)));
            move(draft, entry);
            return new Membership(entry, channel);
        } catch (IOException e) {
            OWN.remove(entry);
            throw new UncheckedIOException(e);
        }
    }

    /** The nodes whose processes live, this one included. */
    public List<Member> live() {
        var live = new ArrayList<Member>();
        for (var entry : entries()) {
            Optional.ofNullable(OWN.get(entry)).or(() -> livingOther(entry)).ifPresent(live::add);
        }
        return live;
    }

    /** The nodes whose processes are gone without having left. Each is told to one caller on this machine only. */
    public List<Member> takeCrashed() {
        var crashed = new ArrayList<Member>();
        for (var entry : entries()) {
            if (OWN.containsKey(entry)) continue;
            visit(entry, (channel, lock) -> {
                        if (lock == null || !Files.deleteIfExists(entry)) return Optional.<Member>empty();
                        return Optional.of(read(channel));
                    })
                    .ifPresent(crashed::add);
        }
        return crashed;
    }

    /** The right to found a new cluster, which one process at a time can have; empty while another has it. */
    Optional<Membership> tryFound() {
        var path = folder.resolve(FOUNDER);
        if (!FOUNDING.add(path)) return Optional.empty();
        try {
            var channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) return Optional.of(new Membership(path, channel));
            channel.close();
            FOUNDING.remove(path);
            return Optional.empty();
        } catch (IOException e) {
            FOUNDING.remove(path);
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> entries() {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ENTRY))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks at the file of another process, with its lock if it can be had. Files that vanish meanwhile are nobody's. */
    private static Optional<Member> visit(Path entry, Visitor visitor) {
        try (var channel = FileChannel.open(entry, StandardOpenOption.READ, StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            return visitor.visit(channel, lock);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Member> livingOther(Path entry) {
        return visit(entry, (channel, lock) -> lock == null ? Optional.of(read(channel)) : Optional.empty());
    }

    private static Member read(FileChannel channel) throws IOException {
        channel.position(0);
        var text = Channels.newInputStream(channel).readAllBytes();
        return Member.fromText(new String(text, StandardCharsets.UTF_8));
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to);
        }
    }

    @FunctionalInterface
    private interface Visitor {
        Optional<Member> visit(FileChannel channel, @Nullable FileLock lock) throws IOException;
    }

    /**
     * One node.
     *
     * @param contactPoint its management address, {@code host:port}
     * @param address its cluster address
     * @param uid tells apart two nodes that had the same address one after the other
     */
    public record Member(long pid, String contactPoint, String address, long uid) {
        String toText() {
            return String.join("\n", Long.toString(pid), contactPoint, address, Long.toString(uid), "");
        }

        static Member fromText(String text) {
            var lines = text.lines().toList();
            return new Member(Long.parseLong(lines.get(0)), lines.get(1), lines.get(2), Long.parseLong(lines.get(3)));
        }
    }

    /** A lock on a file of the directory. */
    static final class Membership implements AutoCloseable {
        private final Path path;
        private final FileChannel channel;

        private Membership(Path path, FileChannel channel) {
            this.path = path;
            this.channel = channel;
        }

        /** Leaves: the entry vanishes before its lock is given up, so nobody takes it for a crash. */
        @Override
        public void close() {
            try (channel) {
                if (path.toString().endsWith(ENTRY)) Files.deleteIfExists(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                OWN.remove(path);
                FOUNDING.remove(path);
            }
        }
    }
}
