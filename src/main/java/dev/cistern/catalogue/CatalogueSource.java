package dev.cistern.catalogue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue in force: read from a ConfigMap and read again whenever that changes. A ConfigMap that cannot be read
 * leaves the last good catalogue in force.
 */
@ApplicationScoped
public class CatalogueSource {
    /** Name of the ConfigMap, in Cistern's own namespace. */
    public static final String CONFIG_MAP = "cistern-catalogue";
    /** Its key. */
    public static final String KEY = "catalogue.yaml";

    private static final Logger LOG = Logger.getLogger(CatalogueSource.class);
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Catalogue current = Catalogue.empty();
    private @Nullable SharedIndexInformer<ConfigMap> informer;

    /** The catalogue in force. */
    public Catalogue current() {
        return current;
    }

    /** Calls back after each change. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Begins to follow the ConfigMap of this namespace; returns when it has been read once or is absent. */
    public void start(KubernetesClient client, String namespace) {
        informer = client.configMaps()
                .inNamespace(namespace)
                .withName(CONFIG_MAP)
                .inform(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(ConfigMap map) {
                        load(map);
                    }

                    @Override
                    public void onUpdate(ConfigMap before, ConfigMap map) {
                        load(map);
                    }

                    @Override
                    public void onDelete(ConfigMap map, boolean unknown) {
                        LOG.warnf("ConfigMap %s is gone: the catalogue stays as it was", CONFIG_MAP);
                    }
                });
    }

    /** Ends following. */
    public void stop() {
        if (informer != null) {
            informer.stop();
        }
    }

    /** Puts a catalogue in force. */
    public void set(Catalogue catalogue) {
        current = catalogue;
        listeners.forEach(Runnable::run);
    }

    /**
     * Reads a catalogue.
     *
     * @throws IOException when it is not one
     */
    public static Catalogue read(String yaml) throws IOException {
        return YAML.readValue(yaml, Catalogue.class);
    }

    private void load(ConfigMap map) {
        try {
            set(read(map.getData().getOrDefault(KEY, "")));
            LOG.infof(
                    "catalogue: %d releases, %d plans",
                    current.releases().size(), current.plans().size());
        } catch (IOException | RuntimeException e) {
            LOG.errorf("ConfigMap %s cannot be read, the catalogue stays as it was: %s", CONFIG_MAP, e.getMessage());
        }
    }
}
