package dev.cistern.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.api.Database;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamesTest {
    private static final int LONGEST_LABEL = 63;

    @Test
    void every_name_fits_for_the_longest_database() {
        String longest = "d".repeat(40);
        assertThat(List.of(
                        Names.pods(longest),
                        Names.publicService(longest),
                        Names.binding(longest),
                        Names.tls(longest),
                        Names.internal(longest),
                        Names.claim(longest, 99),
                        // A pod's name is a label, and so is its revision, which adds a dash and ten characters.
                        Names.pod(longest, 99) + "-0123456789"))
                .allSatisfy(name -> assertThat(name).hasSizeLessThanOrEqualTo(LONGEST_LABEL))
                .doesNotHaveDuplicates();
    }

    @Test
    void hosts_are_in_the_namespace() {
        Database database = new Database();
        database.getMetadata().setName("orders");
        database.getMetadata().setNamespace("shop");
        assertThat(Names.host(database)).isEqualTo("orders.shop.svc");
        assertThat(Names.podHost(database, "orders-1")).isEqualTo("orders-1.orders-pods.shop.svc");
    }

    @Test
    void the_selector_is_a_part_of_the_labels() {
        assertThat(Labels.of("orders", "redis"))
                .containsAllEntriesOf(Labels.selector("orders"))
                .containsEntry(Labels.ENGINE, "redis");
    }

    @Test
    void a_label_is_read_also_where_there_are_none() {
        var none = new ConfigMapBuilder().withNewMetadata().endMetadata().build();
        none.getMetadata().setLabels(null);
        assertThat(Labels.get(none, Labels.ROLE)).isEmpty();
        none.getMetadata().setLabels(Map.of(Labels.ROLE, "primary"));
        assertThat(Labels.get(none, Labels.ROLE)).contains("primary");
    }

    @Test
    void a_secret_does_not_show_itself() {
        assertThat(new Secret("word")).hasToString("***");
        assertThat("%s".formatted(List.of(new Secret("word")))).doesNotContain("word");
    }
}
