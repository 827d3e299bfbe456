package dev.cistern.gateway;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns whatever goes wrong into the contract's JSON; details of faults stay in the log. */
public class ErrorMappers {
    private static final Logger LOG = Logger.getLogger(ErrorMappers.class);

    /** What is refused on purpose. */
    @ServerExceptionMapper
    public Response refused(Refusal refusal) {
        Response.ResponseBuilder response = respond(refusal.status(), refusal.body());
        if (refusal.status() == Response.Status.UNAUTHORIZED.getStatusCode()) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        if (refusal.retryAfterSeconds() > 0) {
            response.header(HttpHeaders.RETRY_AFTER, refusal.retryAfterSeconds());
        }
        return response.build();
    }

    /** What came out of an asynchronous step. */
    @ServerExceptionMapper
    public Response wrapped(CompletionException wrapper, RoutingContext routing) {
        return wrapper.getCause() instanceof Refusal refusal ? refused(refusal) : fault(wrapper, routing);
    }

    /** What the HTTP layer refuses: no such route, wrong method. */
    @ServerExceptionMapper
    public Response http(WebApplicationException e, RoutingContext routing) {
        int status = e.getResponse().getStatus();
        return switch (status) {
            case 404 -> respond(404, ErrorBody.notFound("route")).build();
            case 405 ->
                respond(405, ErrorBody.of("method not allowed here", "method_not_allowed"))
                        .header(HttpHeaders.ALLOW, e.getResponse().getHeaderString(HttpHeaders.ALLOW))
                        .build();
            case 406 ->
                respond(406, ErrorBody.of("only application/json is spoken here", "not_acceptable"))
                        .build();
            case 413 ->
                respond(413, ErrorBody.of("the body is too large", "too_large")).build();
            case 415 ->
                respond(415, ErrorBody.of("only application/json is understood here", "unsupported"))
                        .build();
            default ->
                status < 500
                        ? respond(status, ErrorBody.of("bad request", "bad_request"))
                                .build()
                        : fault(e, routing);
        };
    }

    /** What ought not to happen. */
    @ServerExceptionMapper
    public Response fault(Throwable fault, RoutingContext routing) {
        LOG.errorf(fault, "request %s failed", Exchange.of(routing).requestId());
        return respond(500, ErrorBody.of("internal error", "internal")).build();
    }

    private static Response.ResponseBuilder respond(int status, ErrorBody body) {
        return Response.status(status).type(MediaType.APPLICATION_JSON).entity(body);
    }
}
