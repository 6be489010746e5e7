package dev.parvi.runtime.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import dev.parvi.runtime.Json;
import dev.parvi.runtime.NodeSettings;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends log lines to standard output: ours and the entities' from INFO on, everybody else's from WARN. */
public final class LogSetup {
    private LogSetup() {}

    /** Replaces whatever logging was set up, unless somebody passed a logback file of their own. */
    static void install(NodeSettings.LogStyle style, String node) {
        if (System.getProperty("logback.configurationFile") != null) return;
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) return;
        context.reset();

        var layout = layout(style, node);
        layout.setContext(context);
        layout.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setEncoder(encoder);
        console.start();

        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(console);
        for (var other : List.of("org.apache.pekko", "com.datastax", "io.netty", "org.flywaydb"))
            context.getLogger(other).setLevel(Level.WARN);
        // Connections to a node that left break; the cluster's own lines say what that means.
        context.getLogger("org.apache.pekko.remote.artery").setLevel(Level.ERROR);
        context.getLogger("org.apache.pekko.stream.Materializer").setLevel(Level.ERROR);
    }

    /** For commands whose output is an answer and not a log: says only what went wrong. */
    public static void installForAnswers() {
        install(NodeSettings.LogStyle.HUMAN, "");
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) return;
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        // What a driver meets on its way ends in the answer.
        context.getLogger("com.datastax").setLevel(Level.ERROR);
    }

    /** True if a person reads standard output. The launcher knows for sure; otherwise the console is a good sign. */
    public static boolean isTerminal() {
        return Boolean.parseBoolean(System.getProperty("parvi.terminal", Boolean.toString(System.console() != null)));
    }

    private static Layout<ILoggingEvent> layout(NodeSettings.LogStyle style, String node) {
        boolean forPeople =
                style == NodeSettings.LogStyle.HUMAN || (style == NodeSettings.LogStyle.AUTO && isTerminal());
        return forPeople ? new HumanLayout() : new JsonLayout(node);
    }

    /** One line a person can read: time, level, who, what. */
    static final class HumanLayout extends LayoutBase<ILoggingEvent> {
        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

        @Override
        public String doLayout(ILoggingEvent event) {
            var line = new StringBuilder()
                    .append(TIME.format(event.getInstant()))
                    .append("  ")
                    .append(padded(event.getLevel().toString(), 5))
                    .append("  ")
                    .append(padded(simpleName(event.getLoggerName()), 18))
                    .append("  ")
                    .append(event.getFormattedMessage())
                    .append('\n');
            var error = event.getThrowableProxy();
            if (error != null) line.append(ThrowableProxyUtil.asString(error));
            return line.toString();
        }

        private static String simpleName(String logger) {
            return logger.substring(logger.lastIndexOf('.') + 1);
        }

        private static String padded(String text, int width) {
            return text.length() >= width ? text : text + " ".repeat(width - text.length());
        }
    }

    /** One JSON object a line, with a closed list of keys, so that a log store needs one mapping for ever. */
    static final class JsonLayout extends LayoutBase<ILoggingEvent> {
        /** Of the request that the line is about, if it came with a {@code traceparent}. */
        private static final String TRACE = "trace_id";

        /** All keys that a line can have; {@code error} is there only with a stack trace. */
        static final List<String> KEYS =
                List.of("time", "level", "node", "logger", "thread", "message", TRACE, "error");

        private final String node;

        JsonLayout(String node) {
            this.node = node;
        }

        @Override
        public String doLayout(ILoggingEvent event) {
            return Json.object(json -> {
                        json.writeStringField("time", event.getInstant().toString());
                        json.writeStringField("level", event.getLevel().toString());
                        json.writeStringField("node", node);
                        json.writeStringField("logger", event.getLoggerName());
                        json.writeStringField("thread", event.getThreadName());
                        json.writeStringField("message", event.getFormattedMessage());
                        var trace = event.getMDCPropertyMap().get(TRACE);
                        if (trace != null) json.writeStringField(TRACE, trace);
                        var error = event.getThrowableProxy();
                        if (error != null) json.writeStringField("error", ThrowableProxyUtil.asString(error));
                    })
                    + "\n";
        }
    }
}
