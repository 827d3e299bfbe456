package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"cistern/cluster/internal/api"
	"cistern/cluster/internal/supervise"
)

// ErrNotUp is what Status ends with unless everything runs.
var ErrNotUp = errors.New("the cluster is not up")

// Status prints what runs.
func (c Cluster) Status(ctx context.Context, out io.Writer) error {
	plan, err := supervise.ReadPlan(c.Dir)
	if err != nil {
		return err
	}
	if len(plan.Specs) == 0 {
		return ErrNotUp
	}
	all := c.components(out, plan)
	ctx, stop := context.WithTimeout(ctx, 5*time.Second)
	defer stop()
	client, err := api.NewClient(c.Dir)
	if err != nil {
		return err
	}
	if err := client.Ready(ctx); err != nil {
		fmt.Fprintln(out, "API server: ", err)
		return ErrNotUp
	}
	nodes, err := client.Nodes(ctx)
	if err != nil {
		return err
	}
	for _, n := range nodes {
		state := "ready"
		if err := client.NodeReady(ctx, n.Metadata.Name); err != nil {
			state, all = err.Error(), false
		}
		fmt.Fprintf(out, "%s: %s\n", n.Metadata.Name, state)
	}
	fmt.Fprintln(out, "KUBECONFIG="+c.Dir.Kubeconfig())
	if !all {
		return ErrNotUp
	}
	return nil
}

func (c Cluster) components(out io.Writer, plan supervise.Plan) bool {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintln(w, "COMPONENT\tSTATE\tPROCESS\tAGE\tRESTARTS")
	names := []string{supervise.SupervisorName}
	for _, s := range plan.Specs {
		names = append(names, s.Name)
	}
	all := true
	for _, n := range names {
		r := supervise.Record(c.Dir, n)
		if !r.Alive() {
			all = false
			fmt.Fprintf(w, "%s\tdown\t\t\t%d\n", n, r.Restarts)
			continue
		}
		fmt.Fprintf(w, "%s\tup\t%d\t%s\t%d\n", n, r.PID, r.Age(), r.Restarts)
	}
	return all
}
