package dev.parvi.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parvi.runtime.MemberDirectory.Member;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberDirectoryTest {
    private static final Member HERE = new Member(1, "127.0.0.1:9081", "pekko://parvi@127.0.0.1:1", -7);
    private static final Member THERE = new Member(2, "127.0.0.1:9082", "pekko://parvi@127.0.0.1:2", 8);

    @TempDir
    Path folder;

    @Test
    void a_node_is_listed_until_it_leaves() {
        var directory = MemberDirectory.in(folder);
        var membership = directory.join(HERE);
        assertThat(directory.live()).containsExactly(HERE);
        assertThat(directory.takeCrashed()).isEmpty();
        membership.close();
        assertThat(directory.live()).isEmpty();
        assertThat(directory.takeCrashed()).isEmpty();
    }

    @Test
    void a_killed_process_is_told_once_and_then_forgotten() throws InterruptedException {
        var directory = MemberDirectory.in(folder);
        try (var child = ChildJvm.start(folder, Holder.class, folder.toString())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> directory.live().contains(THERE));
            assertThat(directory.takeCrashed()).isEmpty();
            child.killHard();
            assertThat(directory.live()).isEmpty();
            assertThat(directory.takeCrashed()).containsExactly(THERE);
            assertThat(directory.takeCrashed()).isEmpty();
        }
    }

    @Test
    void looking_at_the_list_never_gives_up_a_lock() {
        var directory = MemberDirectory.in(folder);
        try (var own = directory.join(HERE);
                var founding = directory.tryFound().orElseThrow();
                var child = ChildJvm.start(folder, Watcher.class, folder.toString())) {
            for (int i = 0; i < 50; i++) {
                assertThat(directory.live()).contains(HERE);
                assertThat(directory.tryFound()).isEmpty();
                directory.takeCrashed();
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> !child.isAlive());
            assertThat(child.out().strip()).isEqualTo("live [" + HERE + "] crashed [] founding false");
            assertThat(founding).isNotNull();
            assertThat(own).isNotNull();
        }
    }

    @Test
    void the_right_to_found_passes_on_when_its_holder_is_killed() throws InterruptedException {
        var directory = MemberDirectory.in(folder);
        try (var child = ChildJvm.start(folder, Holder.class, folder.toString())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> directory.live().contains(THERE));
            assertThat(directory.tryFound()).isEmpty();
            child.killHard();
            try (var founding = directory.tryFound().orElseThrow()) {
                assertThat(founding).isNotNull();
            }
        }
    }

    /** Holds an entry and the founder's lock until it is killed. */
    static final class Holder {
        public static void main(String[] arguments) throws InterruptedException {
            var directory = MemberDirectory.in(Path.of(arguments[0]));
            try (var founding = directory.tryFound().orElseThrow();
                    var membership = directory.join(THERE)) {
                new CountDownLatch(1).await();
                throw new IllegalStateException("never " + founding + membership);
            }
        }
    }

    /** Says what another process sees. */
    static final class Watcher {
        public static void main(String[] arguments) throws InterruptedException {
            var directory = MemberDirectory.in(Path.of(arguments[0]));
            Thread.sleep(300);
            System.out.println("live " + directory.live() + " crashed " + directory.takeCrashed() + " founding "
                    + directory.tryFound().isPresent());
        }
    }
}
