package dev.cistern.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scripts in {@code examples/rest} send, seen by a server that stands in for the gateway. */
class RestExamplesAgainstAStandInTest {
    private static final Path SCRIPTS = Path.of("examples/rest");
    private static final ObjectMapper JSON = new ObjectMapper();

    private HttpServer server;
    private int status = 200;
    private Request seen;

    private record Request(String line, String token, String body) {}

    private record Run(int exit, String output) {}

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "get-database | GET /api/databases/ad-1 | ",
                "set-backups-and-window | PATCH /api/databases/ad-1 | {\"database\":{\"periodic_backups_enabled\":true,\"periodic_backups_scheduled_at\":3,\"maintenance_window\":{\"weekday_utc\":3,\"starting_hour_utc\":21}}}",
                "enable-feature | POST /api/databases/ad-1/features | {\"feature\":{\"name\":\"force-ssl\"}}",
                "disable-feature | DELETE /api/databases/ad-1/features?feature=force-ssl | ",
                "run-action | POST /api/databases/ad-1/action | {\"action_name\":\"list-extensions\",\"params\":null}"
            })
    void scriptsSendWhatTheContractSays(String script, String line, String body) throws Exception {
        Run run = run(script, Map.of("ID", "ad-1"));

        assertThat(run.exit()).as(run.output()).isZero();
        assertThat(run.output()).contains("\"answer\"");
        assertThat(seen.line()).isEqualTo(line);
        assertThat(seen.token()).isEqualTo("Bearer a-token");
        assertThat(tree(seen.body())).isEqualTo(tree(body));
    }

    @Test
    void actionAndParametersCanBeChosen() throws Exception {
        run("run-action", Map.of("ID", "ad-1", "ACTION", "pg-cancel-query", "PARAMS", "{\"pid\": 7}"));

        assertThat(tree(seen.body())).isEqualTo(tree("{\"action_name\":\"pg-cancel-query\",\"params\":{\"pid\":7}}"));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 404, 409, 500})
    void anyOtherStatusIsAFailureThatShowsTheAnswer(int code) throws Exception {
        status = code;

        Run run = run("get-database", Map.of("ID", "ad-1"));

        assertThat(run.exit()).isNotZero();
        assertThat(run.output()).contains("\"answer\"");
    }

    @Test
    void missingSettingsAreNamed() throws Exception {
        assertThat(run("get-database", Map.of())).satisfies(run -> {
            assertThat(run.exit()).isNotZero();
            assertThat(run.output()).contains("ID of the database is not set");
        });
    }

    @Test
    void everyScriptIsTried() throws IOException {
        try (var files = Files.list(SCRIPTS)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "call.sh",
                            "get-database.sh",
                            "set-backups-and-window.sh",
                            "enable-feature.sh",
                            "disable-feature.sh",
                            "run-action.sh");
        }
    }

    private Run run(String script, Map<String, String> environment) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(List.of(SCRIPTS.resolve(script + ".sh").toString())).redirectErrorStream(true);
        Map<String, String> all = new HashMap<>(environment);
        all.put("URL", "http://127.0.0.1:" + server.getAddress().getPort());
        all.put("TOKEN", "a-token");
        all.put("PATH", System.getenv("PATH"));
        builder.environment().clear();
        builder.environment().putAll(all);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), output);
    }

    private void answer(HttpExchange exchange) throws IOException {
        seen = new Request(
                exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        byte[] body = "{\"answer\": 1}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static JsonNode tree(String json) throws IOException {
        return json == null || json.isEmpty() ? JSON.nullNode() : JSON.readTree(json);
    }
}
