package dev.cistern.controller;

import static dev.cistern.testing.DatabaseUnderTest.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cistern.api.ActionPhase;
import dev.cistern.api.DatabaseAction;
import dev.cistern.api.DatabaseActionStatus;
import dev.cistern.api.EngineType;
import dev.cistern.api.Phase;
import dev.cistern.engine.Action;
import dev.cistern.engine.ActionException;
import dev.cistern.engine.ActionResult;
import dev.cistern.engine.Engine;
import dev.cistern.engine.EngineContext;
import dev.cistern.status.Conditions;
import dev.cistern.testing.Cluster;
import dev.cistern.testing.DatabaseUnderTest;
import dev.cistern.testing.LocalOperator;
import dev.cistern.testing.TestNamespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Actions from the request to the end, on a real database whose engine has stand-ins for actions. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ActionMachineryIT {
    private final AtomicInteger runs = new AtomicInteger();
    private KubernetesClient client;
    private TestNamespace namespace;
    private OperatorInProcess operator;
    private DatabaseUnderTest orders;

    record Count(@NotNull @Positive Integer by, @Nullable String note) {}

    private final Action<Count> count = new StandIn<>("count", Count.class, false) {
        @Override
        public ActionResult run(Count params, EngineContext context) throws ActionException {
            if (params.by() > 100) {
                throw new ActionException("cannot count by more than 100");
            }
            return ActionResult.of(Map.of("counted", runs.addAndGet(params.by())));
        }
    };
    private final Action<Action.NoParams> hang = new StandIn<>("hang", Action.NoParams.class, false) {
        @Override
        public ActionResult run(NoParams params, EngineContext context) throws InterruptedException {
            runs.incrementAndGet();
            new CountDownLatch(1).await();
            return ActionResult.done();
        }
    };
    private final Action<Action.NoParams> resume = new StandIn<>("resume", Action.NoParams.class, true) {
        @Override
        public ActionResult run(NoParams params, EngineContext context) throws InterruptedException {
            if (runs.incrementAndGet() == 1) {
                new CountDownLatch(1).await();
            }
            return ActionResult.of("ran " + runs.get());
        }
    };

    private abstract static class StandIn<P> implements Action<P> {
        private final String name;
        private final Class<P> params;
        private final boolean repeatable;

        StandIn(String name, Class<P> params, boolean repeatable) {
            this.name = name;
            this.params = params;
            this.repeatable = repeatable;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String description() {
            return "Stands in.";
        }

        @Override
        public Class<P> params() {
            return params;
        }

        @Override
        public boolean repeatable() {
            return repeatable;
        }
    }

    private OperatorInProcess operator() {
        List<Engine> engines = LocalOperator.engines().stream()
                .filter(e -> e.type() == EngineType.REDIS)
                .map(this::withStandIns)
                .toList();
        return new OperatorInProcess(client, namespace.name(), engines, LocalOperator.catalogue());
    }

    private Engine withStandIns(Engine real) {
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("actions")) {
                        return List.of(count, hang, resume);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @BeforeAll
    void start() {
        client = Cluster.client();
        namespace = new TestNamespace("actions");
        operator = operator();
        orders = new DatabaseUnderTest(namespace, EngineType.REDIS, "orders");
        orders.create("plan: free-256, deletionPolicy: Delete");
        orders.awaitSettled();
    }

    @AfterAll
    void stop() {
        orders.delete();
        orders.awaitGone();
        operator.close();
        namespace.close();
    }

    @BeforeEach
    void forget() {
        runs.set(0);
    }

    private Resource<DatabaseAction> create(String name, String spec) {
        namespace.create(DatabaseAction.class, """
                apiVersion: cistern.dev/v1alpha1
                kind: DatabaseAction
                metadata: {name: %s}
                spec: {databaseRef: {name: orders}, %s}
                """.formatted(name, spec));
        return client.resources(DatabaseAction.class)
                .inNamespace(namespace.name())
                .withName(name);
    }

    private static DatabaseActionStatus await(Resource<DatabaseAction> action, ActionPhase phase) {
        patiently()
                .untilAsserted(
                        () -> assertThat(action.get().getStatus().phase()).isEqualTo(phase));
        return action.get().getStatus();
    }

    private static String reason(DatabaseActionStatus status) {
        return Conditions.find(status.conditions(), Conditions.COMPLETE)
                .orElseThrow()
                .getReason();
    }

    @Test
    @Order(1)
    void an_action_is_done_once_and_answers() {
        DatabaseActionStatus status = await(create("counts", "action: count, params: {by: 3}"), ActionPhase.Succeeded);
        assertThat(status.result()).hasToString("{\"counted\":3}");
        assertThat(status.startTime()).isNotNull();
        assertThat(status.completionTime()).isNotNull();
        assertThat(reason(status)).isEqualTo("Succeeded");
        assertThat(runs).hasValue(3);
    }

    @Test
    @Order(2)
    void an_unknown_action_fails_and_names_the_known_ones() {
        DatabaseActionStatus status = await(create("unknown", "action: fly"), ActionPhase.Failed);
        assertThat(status.error()).isEqualTo("redis has no action fly; it has count, hang, resume");
        assertThat(reason(status)).isEqualTo("UnknownAction");
    }

    @Test
    @Order(3)
    void bad_parameters_fail_with_a_message_for_each_field() {
        DatabaseActionStatus status = await(create("bad", "action: count, params: {by: -1}"), ActionPhase.Failed);
        assertThat(status.errors()).containsExactly(Map.entry("by", List.of("must be greater than 0")));
        assertThat(status.error()).isEqualTo("by must be greater than 0");
        assertThat(reason(status)).isEqualTo("BadParameters");
        status = await(create("worse", "action: count, params: {by: many, note: 7}"), ActionPhase.Failed);
        assertThat(status.errors()).containsExactly(Map.entry("by", List.of("must be a whole number")));
        assertThat(runs).hasValue(0);
    }

    @Test
    @Order(4)
    void a_refusal_is_told() {
        DatabaseActionStatus status = await(create("refused", "action: count, params: {by: 101}"), ActionPhase.Failed);
        assertThat(status.error()).isEqualTo("cannot count by more than 100");
        assertThat(reason(status)).isEqualTo("Failed");
    }

    @Test
    @Order(5)
    void an_action_on_nothing_fails() {
        namespace.create(DatabaseAction.class, """
                apiVersion: cistern.dev/v1alpha1
                kind: DatabaseAction
                metadata: {name: lost}
                spec: {databaseRef: {name: nowhere}, action: count}
                """);
        DatabaseActionStatus status = await(
                client.resources(DatabaseAction.class)
                        .inNamespace(namespace.name())
                        .withName("lost"),
                ActionPhase.Failed);
        assertThat(status.error()).isEqualTo("there is no Database nowhere in this namespace");
        assertThat(reason(status)).isEqualTo("DatabaseNotFound");
    }

    @Test
    @Order(6)
    void an_action_that_takes_too_long_is_given_up() {
        DatabaseActionStatus status = await(create("slow", "action: hang, deadlineSeconds: 2"), ActionPhase.Failed);
        assertThat(status.error()).isEqualTo("not done within 2 s; whether it had its effect is not known");
        assertThat(reason(status)).isEqualTo("DeadlineExceeded");
        assertThat(runs).hasValue(1);
    }

    @Test
    @Order(7)
    void an_action_can_not_be_changed() {
        Resource<DatabaseAction> action = create("fixed", "action: count, params: {by: 1}");
        assertThatThrownBy(() ->
                        action.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"params\": {\"by\": 2}}}"))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("a DatabaseAction is done once: create another one");
    }

    @Test
    @Order(8)
    void an_action_goes_when_its_time_is_over() {
        Resource<DatabaseAction> action = create("short", "action: count, params: {by: 1}, ttlSecondsAfterFinished: 1");
        patiently().until(() -> action.get() == null);
        assertThat(runs).hasValue(1);
    }

    @Test
    @Order(9)
    void an_interrupted_action_is_reported_and_not_run_again() {
        Resource<DatabaseAction> action = create("cut", "action: hang, deadlineSeconds: 600");
        await(action, ActionPhase.Running);
        patiently().until(() -> runs.get() == 1);
        operator.close();
        assertThat(action.get().getStatus().phase()).isEqualTo(ActionPhase.Running);
        operator = operator();
        DatabaseActionStatus status = await(action, ActionPhase.Failed);
        assertThat(reason(status)).isEqualTo("Interrupted");
        assertThat(runs).hasValue(1);
    }

    @Test
    @Order(10)
    void an_interrupted_action_that_may_be_repeated_is() {
        Resource<DatabaseAction> action = create("again", "action: resume, deadlineSeconds: 600");
        await(action, ActionPhase.Running);
        patiently().until(() -> runs.get() == 1);
        operator.close();
        operator = operator();
        assertThat(await(action, ActionPhase.Succeeded).result()).hasToString("\"ran 2\"");
    }

    @Test
    @Order(11)
    void an_action_waits_for_the_database_until_its_deadline() {
        orders.change("{\"suspended\": true}");
        patiently().until(() -> orders.status().phase() == Phase.STOPPED);
        Resource<DatabaseAction> late = create("late", "action: count, params: {by: 1}, deadlineSeconds: 2");
        Resource<DatabaseAction> patient = create("patient", "action: count, params: {by: 1}, deadlineSeconds: 120");
        DatabaseActionStatus status = await(late, ActionPhase.Failed);
        assertThat(status.error()).isEqualTo("not done within 2 s: the database is not ready");
        assertThat(reason(status)).isEqualTo("DeadlineExceeded");
        assertThat(await(patient, ActionPhase.Pending).conditions().getFirst().getMessage())
                .isEqualTo("waiting for the database to be ready");
        orders.change("{\"suspended\": false}");
        await(patient, ActionPhase.Succeeded);
        assertThat(runs).hasValue(1);
    }
}
