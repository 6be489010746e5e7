package dev.parvi.persistence.transfer;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.parvi.protobuf.ExportBlock;
import dev.parvi.protobuf.ExportCheckpoint;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/** The blocks of a file as {@code export.proto} describes them. */
final class ExportFile {
    private static final byte[] MAGIC = "PARVIEX1".getBytes(StandardCharsets.US_ASCII);
    private static final int FRAME_BYTES = 2 * Integer.BYTES;
    /** More than the largest event that any store takes. */
    private static final int BLOCK_BYTES_MAX = 256 << 20;

    private static final int BUFFER_BYTES = 1 << 16;

    private ExportFile() {}

    private static int checksum(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }

    /** Adds blocks to the end. */
    static final class Writer implements AutoCloseable {
        private final DataOutputStream out;

        private Writer(OutputStream out) {
            this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER_BYTES));
        }

        static Writer begin(OutputStream out) throws IOException {
            var writer = new Writer(out);
            writer.out.write(MAGIC);
            return writer;
        }

        /** Goes on at this place, and forgets what lies behind it. */
        static Writer goOn(Path file, long position) throws IOException {
            try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                channel.truncate(position);
            }
            return new Writer(Files.newOutputStream(file, StandardOpenOption.APPEND));
        }

        synchronized void write(ExportBlock block) throws IOException {
            var bytes = block.toByteArray();
            out.writeInt(bytes.length);
            out.writeInt(checksum(bytes));
            out.write(bytes);
        }

        synchronized void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** Gives blocks from the first on. */
    static final class Reader implements AutoCloseable {
        private final String name;
        private final DataInputStream in;
        private long position;

        private Reader(String name, InputStream in) {
            this.name = name;
            this.in = new DataInputStream(new BufferedInputStream(in, BUFFER_BYTES));
        }

        /** Throws {@link TransferFailure} if it does not begin like an export. */
        static Reader begin(String name, InputStream in) throws IOException {
            var reader = new Reader(name, in);
            if (!Arrays.equals(reader.in.readNBytes(MAGIC.length), MAGIC))
                throw new TransferFailure(name + " is not an export of a store");
            reader.position = MAGIC.length;
            return reader;
        }

        /** The next block; empty at the end, and where the writer was interrupted. Throws {@link TransferFailure} if it is damaged. */
        Optional<ExportBlock> next() throws IOException {
            try {
                var length = in.readInt();
                var checksum = in.readInt();
                if (length < 0 || length > BLOCK_BYTES_MAX) throw damaged();
                var bytes = in.readNBytes(length);
                if (bytes.length < length) return Optional.empty();
                if (checksum(bytes) != checksum) throw damaged();
                position += FRAME_BYTES + length;
                return Optional.of(ExportBlock.parseFrom(bytes));
            } catch (EOFException end) {
                return Optional.empty();
            } catch (InvalidProtocolBufferException unknown) {
                throw damaged();
            }
        }

        /** How many bytes the blocks so far have taken. */
        long position() {
            return position;
        }

        private TransferFailure damaged() {
            return new TransferFailure(name + " is damaged at byte " + position + ": a checksum does not match");
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /**
     * Where an export was interrupted.
     *
     * @param position the byte behind the last checkpoint
     */
    record Interruption(long position, String prefix, ExportCheckpoint checkpoint) {
        /** Throws {@link TransferFailure} if the file is finished, or no export that could go on. */
        static Interruption in(Path file) throws IOException {
            try (var reader = Reader.begin(file.toString(), Files.newInputStream(file))) {
                var prefix = "";
                var position = 0L;
                var last = ExportCheckpoint.getDefaultInstance();
                for (var block = reader.next(); block.isPresent(); block = reader.next()) {
                    if (block.get().hasFooter()) throw new TransferFailure(file + " is a finished export already");
                    if (block.get().hasHeader())
                        prefix = block.get().getHeader().getPrefix();
                    if (block.get().hasCheckpoint()) last = block.get().getCheckpoint();
                    // Before the first checkpoint nothing but the header is worth keeping.
                    if (!block.get().hasEvents() && (block.get().hasCheckpoint() || position == 0))
                        position = reader.position();
                }
                if (position == 0) throw new TransferFailure(file + " ends before it begins: remove it");
                return new Interruption(position, prefix, last);
            }
        }
    }
}
