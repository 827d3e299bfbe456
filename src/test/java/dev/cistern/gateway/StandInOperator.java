package dev.cistern.gateway;

import dev.cistern.api.DatabaseAction;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ends actions the way a test wants; no operator and no engine is behind it. */
final class StandInOperator implements Watcher<DatabaseAction> {
    private final Space space;
    private final Map<String, String> endings;

    /**
     * @param endings status to write for each action; those that are not named never end
     */
    StandInOperator(Space space, Map<String, String> endings) {
        this.space = space;
        this.endings = endings;
    }

    @Override
    public void eventReceived(Action event, DatabaseAction action) {
        String ending = endings.get(action.getSpec().action());
        if (event == Action.ADDED && ending != null) {
            space.admin()
                    .resources(DatabaseAction.class)
                    .inNamespace(space.namespace())
                    .withName(action.getMetadata().getName())
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\": " + ending + "}");
        }
    }

    @Override
    public void onClose(@Nullable WatcherException cause) {
        // The test is over.
    }
}
