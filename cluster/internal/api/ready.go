package api

import (
	"context"
	"fmt"
)

// Condition is what objects say about themselves.
type Condition struct {
	Type    string `json:"type"`
	Status  string `json:"status"`
	Message string `json:"message"`
}

// Node is the part of a node that this program looks at.
type Node struct {
	Metadata struct {
		Name        string            `json:"name"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
	Status struct {
		Conditions []Condition `json:"conditions"`
	} `json:"status"`
}

// Ready asks whether the API server serves.
func (c *Client) Ready(ctx context.Context) error { return c.Get(ctx, "/readyz", nil) }

// Nodes lists all nodes.
func (c *Client) Nodes(ctx context.Context) ([]Node, error) {
	var list struct {
		Items []Node `json:"items"`
	}
	return list.Items, c.Get(ctx, "/api/v1/nodes", &list)
}

// NodeReady fails, saying why, while the node is not ready.
func (c *Client) NodeReady(ctx context.Context, name string) error {
	var n Node
	if err := c.Get(ctx, "/api/v1/nodes/"+name, &n); err != nil {
		return err
	}
	return require(n.Status.Conditions, "Ready", name)
}

// Established fails while a custom resource definition is not served.
func (c *Client) Established(ctx context.Context, name string) error {
	var o struct {
		Status struct {
			Conditions []Condition `json:"conditions"`
		} `json:"status"`
	}
	if err := c.Get(ctx, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"+name, &o); err != nil {
		return err
	}
	return require(o.Status.Conditions, "Established", name)
}

// RolledOut fails while a deployment's newest pods do not all serve.
func (c *Client) RolledOut(ctx context.Context, namespace, name string) error {
	var d struct {
		Metadata struct {
			Generation int64 `json:"generation"`
		} `json:"metadata"`
		Spec   struct{ Replicas int }
		Status struct {
			ObservedGeneration int64 `json:"observedGeneration"`
			UpdatedReplicas    int   `json:"updatedReplicas"`
			AvailableReplicas  int   `json:"availableReplicas"`
		} `json:"status"`
	}
	if err := c.Get(ctx, "/apis/apps/v1/namespaces/"+namespace+"/deployments/"+name, &d); err != nil {
		return err
	}
	s := d.Status
	if s.ObservedGeneration < d.Metadata.Generation || s.UpdatedReplicas < d.Spec.Replicas || s.AvailableReplicas < d.Spec.Replicas {
		return fmt.Errorf("%s has %d of %d pods available", name, s.AvailableReplicas, d.Spec.Replicas)
	}
	return nil
}

func require(all []Condition, kind, name string) error {
	for _, c := range all {
		if c.Type == kind && c.Status == "True" {
			return nil
		}
		if c.Type == kind {
			return fmt.Errorf("%s is not %s: %s", name, kind, c.Message)
		}
	}
	return fmt.Errorf("%s is not %s yet", name, kind)
}
