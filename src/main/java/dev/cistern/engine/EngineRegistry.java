package dev.cistern.engine;

import dev.cistern.api.EngineType;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The engines of this build. */
@ApplicationScoped
public class EngineRegistry {
    private final Map<EngineType, Engine> engines = new EnumMap<>(EngineType.class);

    /**
     * @param all every engine found on the class path
     * @throws IllegalStateException when two claim the same type
     */
    public EngineRegistry(@All List<Engine> all) {
        for (Engine engine : all) {
            Engine other = engines.put(engine.type(), engine);
            if (other != null) {
                throw new IllegalStateException("two engines for " + engine.type());
            }
        }
    }

    /** The engine of this type, if this build has it. */
    public Optional<Engine> find(EngineType type) {
        return Optional.ofNullable(engines.get(type));
    }

    /** The types that this build has. */
    public Set<EngineType> types() {
        return Set.copyOf(engines.keySet());
    }
}
