package dev.cistern.engine;

import static dev.cistern.testing.DatabaseUnderTest.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.EngineType;
import dev.cistern.api.Feature;
import dev.cistern.api.FeatureStatus;
import dev.cistern.api.Phase;
import dev.cistern.catalogue.Release;
import dev.cistern.catalogue.Version;
import dev.cistern.kube.Labels;
import dev.cistern.kube.Names;
import dev.cistern.status.Conditions;
import dev.cistern.testing.Binding;
import dev.cistern.testing.Cluster;
import dev.cistern.testing.DatabaseUnderTest;
import dev.cistern.testing.EngineClient;
import dev.cistern.testing.LocalOperator;
import dev.cistern.testing.SteadyWriter;
import dev.cistern.testing.TestNamespace;
import dev.cistern.testing.WriteLog;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What every engine must do, on a real cluster with the real engine. One database lives through all that changes it; a
 * second one is left alone meanwhile, so that what the operator writes to it without a reason is seen.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
public abstract class EngineContractTest {
    protected static final Duration PATIENCE = Duration.ofSeconds(60);
    protected static final String NAME = "orders";
    private static final Duration QUIET = Duration.ofSeconds(40);

    protected KubernetesClient client;
    protected TestNamespace namespace;
    private WriteLog log;
    private LocalOperator operator;
    private DatabaseUnderTest orders;
    private DatabaseUnderTest archive;
    private long quietSince;

    /** Which engine. */
    protected abstract EngineType engine();

    @BeforeAll
    void start() {
        client = Cluster.client();
        namespace = new TestNamespace("contract-" + engine().id());
        log = new WriteLog(client);
        operator = new LocalOperator(log.client(), namespace.name());
        orders = new DatabaseUnderTest(namespace, engine(), NAME);
        archive = new DatabaseUnderTest(namespace, engine(), "archive");
    }

    @AfterAll
    void stop() {
        client.resources(Database.class).inNamespace(namespace.name()).delete();
        client.resources(DatabaseFeature.class).inNamespace(namespace.name()).delete();
        patiently()
                .until(() -> client.resources(Database.class)
                                .inNamespace(namespace.name())
                                .list()
                                .getItems()
                                .isEmpty()
                        && client.resources(DatabaseFeature.class)
                                .inNamespace(namespace.name())
                                .list()
                                .getItems()
                                .isEmpty());
        operator.close();
        log.close();
        namespace.close();
    }

    protected String podUid() {
        return orders.podUid();
    }

    protected String awaitFeature(String feature, FeatureStatus status) {
        return orders.awaitFeature(feature, status);
    }

    /** The release that the test begins with, and a newer one of the same major if there is one. */
    private List<Release> path() {
        List<Release> newestFirst = LocalOperator.catalogue().releases(engine()).toList();
        Release newest = newestFirst.getFirst();
        return newestFirst.stream()
                .skip(1)
                .filter(r -> r.version().major() == newest.version().major())
                .findFirst()
                .map(older -> List.of(older, newest))
                .orElse(List.of(newest));
    }

    @Test
    @Order(1)
    void becomes_ready() {
        Version first = path().getFirst().version();
        archive.create("plan: starter-512, storage: {className: fixed}");
        orders.create("plan: starter-512, version: '%d.%d', deletionPolicy: Delete, storage: {className: standard}"
                .formatted(first.major(), first.minor()));
        orders.awaitSettled();
        assertThat(orders.status().version().readable()).isEqualTo(first.readable());
        assertThat(orders.status().plan()).isEqualTo("starter-512");
        assertThat(orders.status().binding().name()).isEqualTo("orders-binding");
        assertThat(orders.events("Ready")).hasSize(1);
    }

    @Test
    @Order(2)
    void serves_whoever_has_the_binding_and_nobody_else() throws IOException {
        orders.write("greeting", "hello");
        assertThat(orders.read("greeting")).isEqualTo("hello");
        try (var plain = orders.plain()) {
            assertThat(plain.read("greeting")).isEqualTo("hello");
        }
        Binding binding = orders.binding();
        EngineClient.Endpoint at = orders.service();
        assertThatThrownBy(() -> orders.tls(binding.withPassword("wrong"), at)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> orders.tls(binding.withPassword(""), at)).isInstanceOf(Exception.class);
        assertThatThrownBy(() -> orders.tls(binding.withUsername("nobody"), at)).isInstanceOf(IOException.class);
        assertThat(binding.uri()).contains(binding.username(), binding.password(), binding.host());
        archive.awaitSettled();
        assertThatThrownBy(() -> orders.tls(archive.binding(), at)).isInstanceOf(IOException.class);
        archive.write("kept", "yes");
        log.forget();
        quietSince = System.nanoTime();
    }

    @Test
    @Order(4)
    void repairs_what_others_change() {
        Drift drift = new Drift(client, namespace.name(), "orders");
        Binding before = orders.binding();
        String pod = orders.podUid();
        drift.all();
        assertThat(orders.binding()).isEqualTo(before);
        assertThat(orders.binding().password()).isEqualTo(before.password());
        assertThat(orders.podUid()).isEqualTo(pod);
        orders.awaitSettled();
        assertThat(orders.read("greeting")).isEqualTo("hello");
    }

    @Test
    @Order(5)
    void forces_tls_and_lets_go_of_it_live() throws Exception {
        String pod = orders.podUid();
        try (var writer = new SteadyWriter(orders.tls());
                var plain = orders.plain()) {
            orders.feature("force-ssl");
            assertThat(orders.awaitFeature("force-ssl", FeatureStatus.ACTIVATED))
                    .isNotBlank();
            assertThatThrownBy(() -> plain.write("late", "no")).isInstanceOf(IOException.class);
            assertThatThrownBy(orders::plain).isInstanceOf(IOException.class);
            orders.removeFeature("force-ssl");
            orders.awaitFeatureGone("force-ssl");
            try (var again = orders.plain()) {
                assertThat(again.read("greeting")).isEqualTo("hello");
            }
            assertThat(writer.failures()).isEmpty();
            assertThat(writer.written()).isPositive();
        }
        assertThat(orders.podUid()).isEqualTo(pod);
    }

    @Test
    @Order(6)
    void renews_its_certificate_without_a_restart() throws Exception {
        BigInteger before = orders.serial();
        String pod = orders.podUid();
        try (var writer = new SteadyWriter(orders.tls())) {
            orders.object(Secret.class, Names.tls("orders")).delete();
            patiently().untilAsserted(() -> assertThat(orders.serial()).isNotEqualTo(before));
            assertThat(writer.failures()).isEmpty();
        }
        assertThat(orders.podUid()).isEqualTo(pod);
    }

    @Test
    @Order(7)
    void refuses_exposure_without_tls() {
        orders.feature("publicly-available");
        assertThat(orders.awaitFeature("publicly-available", FeatureStatus.FAILED))
                .isEqualTo("publicly-available needs force-ssl to be ACTIVATED first: enable force-ssl");
        assertThat(orders.object(Service.class, "orders-public").get()).isNull();
    }

    @Test
    @Order(8)
    void is_reachable_from_outside_once_tls_is_forced() {
        orders.feature("force-ssl");
        orders.awaitFeature("force-ssl", FeatureStatus.ACTIVATED);
        orders.awaitFeature("publicly-available", FeatureStatus.ACTIVATED);
        assertThat(orders.object(Service.class, "orders-public").get().getSpec().getType())
                .isEqualTo("NodePort");
        patiently().until(() -> orders.status().endpoint().publicHost() != null);
        var endpoint = orders.status().endpoint();
        patiently().untilAsserted(() -> {
            try (var session = orders.tls(
                    orders.binding(), new EngineClient.Endpoint(endpoint.publicHost(), endpoint.publicPort(), true))) {
                assertThat(session.read("greeting")).isEqualTo("hello");
            }
        });
        orders.awaitSettled();
    }

    @Test
    @Order(9)
    void stays_as_it_is_when_the_operator_restarts() {
        String service = uid("orders-public");
        operator.close();
        operator = new LocalOperator(log.client(), namespace.name());
        log.forget();
        // What the new operator makes of it can be told when it has repaired something.
        orders.object(Service.class, Names.pods("archive")).delete();
        patiently()
                .until(() -> orders.object(Service.class, Names.pods("archive")).get() != null);
        orders.object(Secret.class, Names.tls("orders")).delete();
        patiently().until(() -> orders.object(Secret.class, Names.tls("orders")).get() != null);
        orders.awaitSettled();
        assertThat(uid("orders-public")).isEqualTo(service);
        assertThat(orders.featureObject("orders-publicly-available")
                        .get()
                        .getStatus()
                        .status())
                .isEqualTo(FeatureStatus.ACTIVATED);
        assertThat(log.about("orders")).allMatch(w -> !w.contains("databasefeatures"));
        log.forget();
        quietSince = System.nanoTime();
    }

    private String uid(String service) {
        return orders.object(Service.class, service).get().getMetadata().getUid();
    }

    @Test
    @Order(10)
    void keeps_tls_while_exposed() {
        orders.removeFeature("force-ssl");
        patiently()
                .untilAsserted(() -> assertThat(orders.featureObject("orders-force-ssl")
                                .get()
                                .getStatus()
                                .message())
                        .isEqualTo("force-ssl stays on while publicly-available is: remove publicly-available first"));
        assertThatThrownBy(orders::plain).isInstanceOf(IOException.class);
        orders.removeFeature("publicly-available");
        orders.awaitFeatureGone("publicly-available");
        orders.awaitFeatureGone("force-ssl");
        assertThat(orders.object(Service.class, "orders-public").get()).isNull();
        patiently().until(() -> orders.status().endpoint().publicHost() == null);
        orders.awaitSettled();
    }

    @Test
    @Order(11)
    void follows_the_plan() throws IOException {
        long small = memory();
        orders.change("{\"plan\": \"starter-1024\"}");
        orders.awaitSettled();
        assertThat(limit()).isEqualTo("1Gi");
        assertThat(memory()).isGreaterThan(small);
        assertThat(orders.status().plan()).isEqualTo("starter-1024");
        assertThat(orders.events("PlanChanged")).contains("plan starter-1024 is in force in place of starter-512");
        orders.change("{\"plan\": \"starter-512\"}");
        orders.awaitSettled();
        assertThat(limit()).isEqualTo("512Mi");
        assertThat(memory()).isEqualTo(small);
        assertThat(orders.read("greeting")).isEqualTo("hello");
    }

    private long memory() throws IOException {
        try (var session = orders.tls()) {
            return session.memory();
        }
    }

    private String limit() {
        Quantity memory = orders.pod()
                .getSpec()
                .getContainers()
                .getFirst()
                .getResources()
                .getLimits()
                .get("memory");
        return memory.toString();
    }

    @Test
    @Order(12)
    void grows_its_storage() {
        orders.change("{\"storage\": {\"size\": \"6Gi\"}}");
        orders.awaitSettled();
        assertThat(orders.status().storage()).isEqualTo("6Gi");
        assertThat(claim("orders").getStatus().getCapacity().get("storage")).isEqualTo(new Quantity("6Gi"));
        assertThat(orders.events("StorageGrown")).isNotEmpty();
    }

    private PersistentVolumeClaim claim(String database) {
        return orders.object(PersistentVolumeClaim.class, Names.claim(database, 0))
                .get();
    }

    @Test
    @Order(13)
    void takes_a_newer_version_of_the_same_major() throws IOException {
        assumeTrue(path().size() == 2, "the catalogue has one version of each major");
        Version newer = path().get(1).version();
        orders.change("{\"version\": \"%d.%d\"}".formatted(newer.major(), newer.minor()));
        orders.awaitSettled();
        assertThat(orders.status().version().readable()).isEqualTo(newer.readable());
        try (var session = orders.tls()) {
            assertThat(session.version()).isEqualTo(newer.major() + "." + newer.minor());
            assertThat(session.read("greeting")).isEqualTo("hello");
        }
        assertThat(claim("orders").getMetadata().getLabels()).containsEntry(Labels.VERSION, newer.readable());
        assertThat(orders.events("VersionChanged")).hasSize(1);
    }

    @Test
    @Order(14)
    void refuses_what_it_cannot_become() {
        Version now = path().getLast().version();
        String pod = orders.podUid();
        Optional<Version> otherMajor = LocalOperator.catalogue()
                .releases(engine())
                .map(Release::version)
                .filter(v -> v.major() != now.major())
                .findFirst();
        otherMajor.ifPresent(other -> {
            orders.change("{\"version\": \"%s\"}".formatted(other));
            assertThat(orders.awaitDegraded("VersionNotReachable"))
                    .isEqualTo(
                            "%s cannot become %s by a change of spec.version: a major upgrade takes an upgrade action; spec.version stays at %d until then"
                                    .formatted(now, other, now.major()));
        });
        if (path().size() == 2) {
            orders.change("{\"version\": \"%s\"}".formatted(path().getFirst().version()));
            assertThat(orders.awaitDegraded("VersionNotReachable"))
                    .isEqualTo("%s cannot go back to %s: restore a backup into a new Database"
                            .formatted(now, path().getFirst().version()));
        }
        orders.change("{\"version\": \"%d.9999\"}".formatted(now.major()));
        assertThat(orders.awaitDegraded("UnknownVersion"))
                .startsWith("version %d.9999 of %s is not in the catalogue: use one of "
                        .formatted(now.major(), engine().id()))
                .contains(now.readable());
        orders.change("{\"version\": null, \"plan\": \"huge\"}");
        assertThat(orders.awaitDegraded("UnknownPlan"))
                .startsWith("plan huge is not in the catalogue for %s: use one of ".formatted(engine().id()))
                .contains("starter-512");
        // It goes on by what it was, and is looked after.
        orders.object(Service.class, "orders").delete();
        patiently().until(() -> orders.object(Service.class, "orders").get() != null);
        assertThat(orders.read("greeting")).isEqualTo("hello");
        assertThat(Conditions.isTrue(orders.status().conditions(), Conditions.READY))
                .isTrue();
        orders.change("{\"plan\": \"starter-512\"}");
        orders.awaitSettled();
        assertThat(orders.condition(Conditions.DEGRADED).getStatus()).isEqualTo("False");
        assertThat(orders.podUid()).isEqualTo(pod);
    }

    @Test
    @Order(15)
    void survives_the_loss_of_its_pod() {
        String pod = orders.podUid();
        orders.write("last", "word");
        client.pods()
                .inNamespace(namespace.name())
                .withName(Names.pod("orders", 0))
                .withGracePeriod(0)
                .delete();
        patiently().until(() -> !orders.podUid().equals(pod));
        orders.awaitSettled();
        assertThat(orders.read("greeting")).isEqualTo("hello");
        assertThat(orders.read("last")).isEqualTo("word");
    }

    /** A pod's token is worth nothing once its account has been made anew. */
    @Test
    @Order(16)
    void gives_its_pods_a_new_account() {
        String pod = orders.podUid();
        assumeTrue(new Drift(client, namespace.name(), NAME).account(), "the pods have no account of their own");
        patiently().until(() -> !orders.podUid().equals(pod));
        orders.awaitSettled();
        orders.write("after", "all");
    }

    @Test
    @Order(17)
    void stops_and_starts_again() {
        orders.change("{\"suspended\": true}");
        patiently().until(() -> orders.status().phase() == Phase.STOPPED);
        assertThat(orders.pod()).isNull();
        assertThat(orders.condition(Conditions.READY).getReason()).isEqualTo("Suspended");
        assertThat(orders.object(StatefulSet.class, "orders").get().getSpec().getReplicas())
                .isZero();
        orders.change("{\"suspended\": false}");
        orders.awaitSettled();
        assertThat(orders.read("greeting")).isEqualTo("hello");
    }

    @Test
    @Order(18)
    void refuses_what_the_engine_has_not_declared() {
        Engine declared = LocalOperator.engines().stream()
                .filter(e -> e.type() == engine())
                .findFirst()
                .orElseThrow();
        for (Feature feature : Feature.values()) {
            if (declared.features().containsKey(feature)) {
                continue;
            }
            orders.feature(feature.id());
            assertThat(orders.awaitFeature(feature.id(), FeatureStatus.FAILED))
                    .startsWith("%s has no feature %s; it has ".formatted(engine().id(), feature.id()));
            orders.removeFeature(feature.id());
            orders.awaitFeatureGone(feature.id());
        }
    }

    @Test
    @Order(19)
    void lets_one_object_decide_a_feature() {
        orders.feature("force-ssl");
        orders.awaitFeature("force-ssl", FeatureStatus.ACTIVATED);
        orders.feature("zz-second", "force-ssl");
        assertThat(orders.awaitFeatureObject("zz-second", FeatureStatus.FAILED))
                .isEqualTo(
                        "DatabaseFeature orders-force-ssl already decides force-ssl for this database: delete one of the two");
        // The second takes over, and the feature is never off.
        orders.removeFeature("force-ssl");
        orders.awaitFeatureGone("force-ssl");
        assertThatThrownBy(orders::plain).isInstanceOf(IOException.class);
        orders.awaitFeatureObject("zz-second", FeatureStatus.ACTIVATED);
        orders.featureObject("zz-second").delete();
        patiently().until(() -> orders.featureObject("zz-second").get() == null);
    }

    @Test
    @Order(60)
    void writes_nothing_where_nothing_changes() throws InterruptedException {
        long left = QUIET.toNanos() - (System.nanoTime() - quietSince);
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
        assertThat(log.about("archive")).isEmpty();
    }

    @Test
    @Order(70)
    void says_so_where_storage_cannot_grow_and_goes_on_serving() {
        archive.change("{\"storage\": {\"size\": \"3Gi\"}}");
        assertThat(archive.awaitDegraded("StorageCannotGrow"))
                .isEqualTo(
                        "volume data-archive-0 stays at 2Gi: its StorageClass fixed does not allow expansion; restore a backup into a Database of a class that does, or set storage.size back");
        assertThat(archive.read("kept")).isEqualTo("yes");
        assertThat(Conditions.isTrue(archive.status().conditions(), Conditions.READY))
                .isTrue();
    }

    @Test
    @Order(80)
    void leaves_its_data_to_the_next_of_its_name() {
        Binding before = archive.binding();
        archive.delete();
        archive.awaitGone();
        assertThat(claim("archive").getMetadata().getDeletionTimestamp()).isNull();
        assertThat(archive.binding()).isEqualTo(before);
        archive.create("plan: starter-512, storage: {className: fixed}");
        archive.awaitSettled();
        assertThat(archive.binding()).isEqualTo(before);
        assertThat(archive.read("kept")).isEqualTo("yes");
    }

    @Test
    @Order(100)
    void takes_everything_with_it_when_told_to() {
        archive.change("{\"deletionPolicy\": \"Delete\"}");
        patiently().until(() -> archive.status().observedGeneration() != null);
        List.of(archive, orders).forEach(DatabaseUnderTest::delete);
        for (DatabaseUnderTest database : List.of(archive, orders)) {
            database.awaitGone();
            patiently()
                    .untilAsserted(() -> assertThat(Owned.of(client, namespace.name(), database.name()))
                            .isEmpty());
        }
    }
}
