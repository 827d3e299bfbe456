package dev.cistern.operation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cistern.api.EngineType;
import dev.cistern.engine.Action;
import dev.cistern.engine.ActionException;
import dev.cistern.engine.ActionResult;
import dev.cistern.engine.Engine;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.ParamsReader;
import dev.cistern.operation.ActionRunner.Check;
import dev.cistern.operation.ActionRunner.End;
import jakarta.validation.Validation;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActionRunnerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ActionRunner runner = new ActionRunner(new ParamsReader(Validation.byDefaultProvider()
            .configure()
            .messageInterpolator(new ParameterMessageInterpolator())
            .buildValidatorFactory()
            .getValidator()));

    record Params(
            @NotNull @Positive Integer pid,
            @NotBlank String name,
            @Nullable Boolean force) {}

    private interface Body {
        ActionResult run(Params params) throws Exception;
    }

    private static Action<Params> action(Body body) {
        return new Action<>() {
            @Override
            public String name() {
                return "stop";
            }

            @Override
            public String description() {
                return "Stops.";
            }

            @Override
            public Class<Params> params() {
                return Params.class;
            }

            @Override
            public boolean repeatable() {
                return true;
            }

            @Override
            public ActionResult run(Params params, EngineContext context) throws Exception {
                return body.run(params);
            }
        };
    }

    private static Engine engine(Action<?>... actions) {
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(),
                new Class<?>[] {Engine.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "actions" -> List.of(actions);
                    case "type" -> EngineType.REDIS;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void an_unknown_action_is_told_with_the_known_ones() {
        assertThat(runner.check(engine(action(p -> ActionResult.done())), "start", null))
                .isEqualTo(new Check.Unknown("redis has no action start; it has stop"));
        assertThat(runner.check(engine(), "start", null))
                .isEqualTo(new Check.Unknown("redis has no action start; it has none"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"pid\": 7, \"name\": \"a\", \"more\": 1} | ''",
                "{} | name, pid",
                "null | name, pid",
                "{\"pid\": -1, \"name\": \" \"} | name, pid",
                "{\"pid\": \"7\", \"name\": \"a\"} | pid",
                "{\"pid\": 7.5, \"name\": \"a\"} | pid",
                "{\"pid\": 7, \"name\": 8} | name",
                "{\"pid\": 7, \"name\": \"a\", \"force\": \"yes\"} | force",
                "[] | params",
                "\"text\" | params",
                "{\"pid\": 99999999999, \"name\": \"a\"} | pid",
            })
    void what_is_wrong_is_told_by_field(String given, String fields) throws IOException {
        Check check = runner.check(engine(action(p -> ActionResult.done())), "stop", JSON.readTree(given));
        if (fields.isEmpty()) {
            assertThat(check).isInstanceOf(Check.Runnable.class);
        } else {
            assertThat(check).isInstanceOfSatisfying(Check.BadParams.class, bad -> {
                assertThat(bad.errors().keySet().stream().sorted().toList()).hasToString("[" + fields + "]");
                assertThat(bad.message()).doesNotContain("java", "Exception", "dev.cistern");
            });
        }
    }

    private End run(Body body) throws IOException {
        return run(body, PATIENCE);
    }

    private End run(Body body, Duration atMost) throws IOException {
        JsonNode params = JSON.readTree("{\"pid\": 7, \"name\": \"a\"}");
        Check.Runnable check = (Check.Runnable) runner.check(engine(action(body)), "stop", params);
        return runner.run(check.call(), context(), atMost);
    }

    @SuppressWarnings("NullAway")
    private static EngineContext context() {
        return new EngineContext(
                new dev.cistern.api.Database(), null, null, java.util.Set.of(), null, null, Map.of(), List.of());
    }

    @Test
    void the_answer_is_json() throws IOException {
        assertThat(run(p -> ActionResult.of(Map.of("pid", p.pid()))))
                .isEqualTo(new End.Done(JSON.readTree("{\"pid\": 7}"), 0));
        assertThat(run(p -> ActionResult.done())).isEqualTo(new End.Done(null, 0));
        assertThat(run(p -> ActionResult.of(List.of()))).isEqualTo(new End.Done(JSON.readTree("[]"), 0));
    }

    @Test
    void many_rows_are_cut_and_long_ones_too() throws IOException {
        assertThat(run(p -> ActionResult.rows(IntStream.range(0, 600).boxed().toList())))
                .isInstanceOfSatisfying(End.Done.class, done -> {
                    assertThat(done.result()).hasSize(ActionResult.MAX_ROWS);
                    assertThat(done.truncated()).isEqualTo(100);
                });
        assertThat(run(p -> ActionResult.rows(Collections.nCopies(100, "x".repeat(20_000)))))
                .isInstanceOfSatisfying(End.Done.class, done -> {
                    assertThat(done.result().toString().length()).isLessThan(ActionRunner.MAX_BYTES);
                    assertThat(done.result().size() + done.truncated()).isEqualTo(100);
                });
    }

    @Test
    void one_long_value_is_not_stored() throws IOException {
        assertThat(run(p -> ActionResult.of("x".repeat(ActionRunner.MAX_BYTES + 1))))
                .isInstanceOf(End.Failed.class);
        assertThat(run(p -> ActionResult.rows(List.of("\u20ac".repeat(ActionRunner.MAX_BYTES / 2)))))
                .isEqualTo(new End.Done(JSON.readTree("[]"), 1));
    }

    @Test
    void a_refusal_is_told_and_an_accident_is_not() throws IOException {
        assertThat(run(p -> {
                    throw new ActionException("no backend 7");
                }))
                .isEqualTo(new End.Failed("no backend 7"));
        assertThat(run(p -> {
                    throw new IllegalStateException("password=word");
                }))
                .isEqualTo(new End.Failed("the database did not answer as expected: try again"));
    }

    @Test
    void what_takes_too_long_is_stopped() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        assertThat(run(p -> endless(stopped), Duration.ofMillis(50))).isEqualTo(new End.TimedOut());
        stopped.await();
    }

    @Test
    void an_operator_that_stops_leaves_it_open() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        Thread.currentThread().interrupt();
        assertThat(run(p -> endless(stopped))).isEqualTo(new End.Interrupted());
        assertThat(Thread.interrupted()).isTrue();
        stopped.await();
    }

    private static ActionResult endless(CountDownLatch stopped) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            stopped.countDown();
        }
        return ActionResult.done();
    }
}
