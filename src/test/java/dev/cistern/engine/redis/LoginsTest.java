package dev.cistern.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cistern.engine.Credentials;
import dev.cistern.engine.EngineContext;
import dev.cistern.kube.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginsTest {
    private final EngineContext context = Contexts.read(
                    Files.readString(Path.of("src/test/resources/desired/redis/default/in.yaml")))
            .context();

    LoginsTest() throws IOException {}

    private EngineContext withUser(String name) {
        return new EngineContext(
                context.database(),
                context.release(),
                context.plan(),
                context.features(),
                new Credentials(name, new Secret("other"), "0"),
                context.tls(),
                context.internal(),
                context.instances());
    }

    @Test
    void the_file_holds_hashes_only() {
        assertThat(Logins.of(context).file())
                .contains("user orders reset on #" + Hashes.sha256(Contexts.PASSWORD) + " ~* &* +@all -@admin")
                .contains("user default reset on #")
                .contains("user health reset on nopass resetkeys resetchannels -@all +ping\n")
                .doesNotContain(Contexts.PASSWORD)
                .doesNotContain("operators");
    }

    @Test
    void hash_is_the_one_that_redis_knows() {
        assertThat(Hashes.sha256("pw")).isEqualTo("30c952fab122c3f9759f02a6d95c3758b246b4fee239957b2d4fee46e26170c4");
    }

    @Test
    void another_password_is_another_fingerprint() {
        assertThat(Logins.of(withUser("orders")).fingerprint())
                .isNotEqualTo(Logins.of(context).fingerprint());
    }

    @Test
    void the_default_user_may_be_the_login() {
        assertThat(Logins.of(withUser("default")).rules()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cistern", "health", "a b", "a\nuser x", "", ">x", "ä"})
    void a_name_that_would_break_the_file_is_refused(String name) {
        assertThatThrownBy(() -> Logins.of(withUser(name))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void users_that_nobody_asked_for_are_found() {
        assertThat(Logins.of(context).surplus(new String[] {"default", "orders", "cistern", "health", "left-over"}))
                .containsExactly("left-over");
    }

    @Test
    void shows_no_hash() {
        assertThat(Logins.of(context)).hasToString("Logins[cistern, health, default, orders]");
    }

    @Test
    void marks_survive_the_title() {
        Marks marks = Marks.NONE
                .withSaved(ChangePlanTest.mode("rdb"))
                .withLogins("0a1b2c")
                .withSnapshot(12);

        assertThat(Marks.parse(marks.title())).isEqualTo(marks);
        assertThat(Marks.parse("{title} {listen-addr} {server-mode}")).isEqualTo(Marks.NONE);
    }

    @Test
    void sessions_are_told_apart_by_the_port_they_came_in_by() {
        String list = """
                id=3 addr=10.0.0.1:6379 laddr=10.0.0.9:6380 fd=8 name= age=0
                id=44 addr=10.0.0.1:5000 laddr=10.0.0.9:6379 fd=9 name=laddr=x:6380 age=0
                id=5 addr=[fd00::1]:5000 laddr=[fd00::9]:6379 fd=9 name= age=0
                """;

        assertThat(Sessions.onPort(list, 6379)).containsExactly("44", "5");
    }

    @Test
    void settings_survive_config_get() {
        Map<String, String> config =
                Map.of("save", "", "appendonly", "yes", "port", "0", "maxmemory-policy", "allkeys-lru");

        assertThat(Settings.of(config)).isEqualTo(new Settings("", true, 0, "allkeys-lru"));
        assertThat(Settings.of(config).values()).isEqualTo(config);
        assertThat(Settings.of(config).lines())
                .isEqualTo("save \"\"\nappendonly yes\nport 0\nmaxmemory-policy allkeys-lru\n");
    }
}
