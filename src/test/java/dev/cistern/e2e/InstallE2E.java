package dev.cistern.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cistern.api.ActionPhase;
import dev.cistern.api.Database;
import dev.cistern.api.DatabaseAction;
import dev.cistern.api.FeatureStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** From the chart to running databases and back: installation, all examples, upgrade, removal, installation again. */
@Tag("e2e")
@Order(1)
@ExtendWith(Installation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class InstallE2E {
    private static final Path EXAMPLES = Path.of("examples");
    private static final String SQL = "my-postgresql";
    private static final String CACHE = "my-redis";
    private static final String EVERYTHING = "every-field";
    // Kinds that this version keeps without doing anything for them.
    private static final Set<String> UNSERVED = Set.of("backups", "users");

    private Space space;

    @BeforeAll
    void prepare() {
        space = Space.open("e2e-install");
    }

    @AfterAll
    void cleanUp() {
        Installation.ensure();
        space.close();
    }

    @Test
    @Order(1)
    void operatorAndGatewayAreReadyAndNotesSayHowToGoOn() {
        String notes = Programs.helm("get", "notes", "cistern", "--namespace", Installation.NAMESPACE);

        assertThat(notes)
                .contains("Cistern 0.1.0 runs in namespace " + Installation.NAMESPACE, "kubectl explain database.spec");
        assertThat(Installation.pods(Installation.OPERATOR)).hasSize(1).allMatch(InstallE2E::ready);
        assertThat(Installation.pods(Installation.GATEWAY)).hasSize(2).allMatch(InstallE2E::ready);
    }

    @Test
    @Order(2)
    void databasesOfTheExamplesBecomeReady() throws IOException {
        for (Path file : yaml("minimal")) {
            apply(Files.readString(file));
        }
        // What it refers to must exist, and this cluster has neither that database nor that bucket.
        apply(Files.readString(EXAMPLES.resolve("complete/database-every-field.yaml"))
                .replaceAll("(?s)  # Example\\. Where the first data comes from.*", ""));

        space.awaitReady(SQL, CACHE, EVERYTHING);

        assertThat(space.pods()).hasSize(4);
        Database protectedOne = space.get(EVERYTHING);
        assertThatThrownBy(() -> space.client().resource(protectedOne).delete())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("deletionProtection");
    }

    @Test
    @Order(3)
    void featuresOfTheExamplesAreActivated() throws IOException {
        List<String> names = yaml("features").stream().map(this::apply).toList();

        names.forEach(name -> space.awaitFeature(name, FeatureStatus.ACTIVATED));

        assertThat(Objects.requireNonNull(space.get(SQL).getStatus().endpoint()).publicPort())
                .isNotNull();
    }

    @Test
    @Order(4)
    void actionsOfTheExamplesSucceed() throws Exception {
        for (Path file : yaml("actions")) {
            try (Connection session = Sql.connect(space, SQL)) {
                Thread query = Thread.ofVirtual().start(() -> sleep(session));
                String pid = String.valueOf(
                        session.unwrap(org.postgresql.PGConnection.class).getBackendPID());
                await().atMost(Duration.ofSeconds(10)).until(() -> active(pid));

                DatabaseAction action = space.create(
                        DatabaseAction.class, Files.readString(file).replace("pid: 2000", "pid: " + pid));

                DatabaseAction ended = ended(action);
                assertThat(ended.getStatus().phase())
                        .as("%s: %s", file, ended.getStatus().error())
                        .isEqualTo(ActionPhase.Succeeded);
                if (file.toString().contains("list-")) {
                    Sql.cancel(space, SQL, pid);
                }
                query.join();
            }
        }
    }

    @Test
    @Order(5)
    void otherExamplesAreAccepted() throws IOException {
        space.client()
                .resource(new io.fabric8.kubernetes.api.model.SecretBuilder()
                        .withNewMetadata()
                        .withName("billing-password")
                        .withNamespace(space.name())
                        .endMetadata()
                        .addToStringData("password", "e2e-only")
                        .build())
                .forceConflicts()
                .serverSideApply();
        for (String folder : UNSERVED) {
            assertThat(yaml(folder))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(apply(file)).isNotEmpty());
        }
        // So that a new folder is not forgotten here.
        try (Stream<Path> folders = Files.list(EXAMPLES)) {
            assertThat(folders.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "minimal", "complete", "features", "actions", "backups", "users", "rest", "demo", "argocd");
        }
    }

    @Test
    @Order(6)
    void scriptsOfTheExamplesWork() throws IOException {
        Path authority = Files.writeString(Files.createTempFile("ca", ".crt"), Installation.authority());
        try (LocalPortForward forward = space.client()
                .services()
                .inNamespace(Installation.NAMESPACE)
                .withName(Installation.GATEWAY)
                .portForward(443)) {
            Map<String, String> environment = Map.of(
                    "URL",
                    "https://localhost:" + forward.getLocalPort(),
                    "TOKEN",
                    space.token("script", "cistern-edit"),
                    "CACERT",
                    authority.toString(),
                    "ID",
                    "ad-" + space.get(CACHE).getMetadata().getUid(),
                    "FEATURE",
                    "force-ssl");
            try (Stream<Path> scripts = Files.list(EXAMPLES.resolve("rest"))) {
                for (Path script :
                        scripts.filter(s -> !s.endsWith("call.sh")).sorted().toList()) {
                    Map<String, String> own = new java.util.HashMap<>(environment);
                    if (script.endsWith("run-action.sh")) {
                        own.put("ID", "ad-" + space.get(SQL).getMetadata().getUid());
                    }
                    Programs.Result result = Programs.run(own, List.of(script.toString()));
                    assertThat(result.exit())
                            .as("%s: %s", script, result.output())
                            .isZero();
                    assertThat(Texts.json(result.output()).isObject()).isTrue();
                }
            }
        } finally {
            Files.delete(authority);
        }
    }

    @Test
    @Order(7)
    void upgradeReplacesCisternAndNoDatabase() {
        Map<String, String> before = space.identities();
        Set<String> operators = names(Installation.pods(Installation.OPERATOR));

        Installation.install("logging.level=DEBUG", "catalogue.unavailable={redis/7.0.15-1}");

        await().atMost(Duration.ofSeconds(60)).until(Installation::led);
        assertThat(names(Installation.pods(Installation.OPERATOR))).hasSize(1).doesNotContainAnyElementsOf(operators);
        stays(before);
    }

    @Test
    @Order(8)
    void removalLeavesDatabasesAndInstallationTakesThemOver() {
        Map<String, String> before = space.identities();

        Installation.uninstall();

        assertThat(space.identities()).isEqualTo(before);
        assertThat(space.pods()).allMatch(InstallE2E::ready);
        assertThat(space.client()
                        .apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName("databases.cistern.dev")
                        .get())
                .isNotNull();
        assertThat(space.all(Database.class)).hasSize(3);

        Installation.install();

        await().atMost(Duration.ofSeconds(60)).until(Installation::led);
        // It works again: a change arrives.
        space.feature(EVERYTHING, "force-ssl");
        space.awaitFeature(EVERYTHING + "-force-ssl", FeatureStatus.ACTIVATED);
        stays(before);
    }

    private void stays(Map<String, String> before) {
        space.awaitReady(SQL, CACHE, EVERYTHING);
        assertThat(space.identities()).isEqualTo(before);
    }

    private boolean active(String pid) throws SQLException {
        try (Connection other = Sql.connect(space, SQL);
                var statement = other.createStatement();
                var rows = statement.executeQuery("select state from pg_stat_activity where pid = " + pid)) {
            return rows.next() && "active".equals(rows.getString(1));
        }
    }

    private static void sleep(Connection session) {
        try (var statement = session.createStatement()) {
            statement.execute("select pg_sleep(20)");
        } catch (SQLException e) {
            // Cancelled, or its session was ended: that is what the examples do.
        }
    }

    private DatabaseAction ended(DatabaseAction action) {
        return await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> Objects.requireNonNull(space.find(
                                DatabaseAction.class, action.getMetadata().getName())),
                        a -> a.getStatus() != null && a.getStatus().completionTime() != null);
    }

    private static List<Path> yaml(String folder) throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES.resolve(folder))) {
            return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
        }
    }

    private String apply(Path file) {
        try {
            return apply(Files.readString(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    // As kubectl does, with what the manifest says and no more.
    private String apply(String manifest) {
        GenericKubernetesResource object =
                space.client().getKubernetesSerialization().unmarshal(manifest, GenericKubernetesResource.class);
        object.getMetadata().setNamespace(space.name());
        space.client().resource(object).fieldManager("kubectl").serverSideApply();
        return object.getMetadata().getName();
    }

    private static Set<String> names(List<Pod> pods) {
        return pods.stream().map(p -> p.getMetadata().getName()).collect(Collectors.toSet());
    }

    private static boolean ready(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
    }
}
