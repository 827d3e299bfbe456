// Package netpol enforces NetworkPolicies (IPv4) for all pods of this host:
// one nftables table, written anew as a whole after every change. Traffic of
// the host itself is never filtered; connections that are established stay.
package netpol

import (
	"fmt"
	"sort"
	"strings"

	v1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"cistern/cluster/internal/settings"
)

// View is what the rules are made from.
type View struct {
	Pods       []*v1.Pod
	Namespaces map[string]map[string]string // labels by name
	Policies   []*netv1.NetworkPolicy
}

const (
	source = "saddr"
	target = "daddr"
)

// Ruleset gives the nft script that replaces the whole table. The same view
// gives the same text, so that an unchanged one need not be written.
func Ruleset(v View) string {
	v.Pods = live(v.Pods)
	v.Policies = append([]*netv1.NetworkPolicy(nil), v.Policies...)
	sort.Slice(v.Policies, func(i, j int) bool { return v.Policies[i].UID < v.Policies[j].UID })
	var chains, in, out strings.Builder
	for i, pod := range v.Pods {
		if body, isolated := v.chain(pod, netv1.PolicyTypeIngress); isolated {
			fmt.Fprintf(&chains, " chain in%d {\n%s  drop\n }\n", i, body)
			fmt.Fprintf(&in, "  ip daddr %s jump in%d\n", pod.Status.PodIP, i)
		}
		if body, isolated := v.chain(pod, netv1.PolicyTypeEgress); isolated {
			fmt.Fprintf(&chains, " chain out%d {\n%s  drop\n }\n", i, body)
			fmt.Fprintf(&out, "  ip saddr %s jump out%d\n", pod.Status.PodIP, i)
		}
	}
	t := settings.PolicyTable
	head := "  type filter hook %s priority -10; policy accept;\n  ct state established,related accept\n"
	return fmt.Sprintf("table ip %s\ndelete table ip %s\ntable ip %s {\n", t, t, t) + chains.String() +
		" chain forward {\n" + fmt.Sprintf(head, "forward") + out.String() + in.String() + " }\n" +
		// from a pod to the host: only what leaves pods is judged
		" chain input {\n" + fmt.Sprintf(head, "input") + out.String() + " }\n}\n"
}

// live are the pods with an address of their own, in a stable order.
func live(pods []*v1.Pod) []*v1.Pod {
	var out []*v1.Pod
	for _, p := range pods {
		ended := p.Status.Phase == v1.PodSucceeded || p.Status.Phase == v1.PodFailed
		if p.Status.PodIP != "" && !p.Spec.HostNetwork && !ended {
			out = append(out, p)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].UID < out[j].UID })
	return out
}

// chain gives what the policies of one direction let through for a pod, and
// whether there are any: without one everything passes.
func (v View) chain(pod *v1.Pod, direction netv1.PolicyType) (string, bool) {
	var b strings.Builder
	isolated := false
	for _, p := range v.Policies {
		if p.Namespace != pod.Namespace || !matches(&p.Spec.PodSelector, pod.Labels) || !applies(p, direction) {
			continue
		}
		isolated = true
		if direction == netv1.PolicyTypeIngress {
			for _, r := range p.Spec.Ingress {
				v.rule(&b, rule{pod, source, p.Namespace, r.From, r.Ports})
			}
			continue
		}
		for _, r := range p.Spec.Egress {
			v.rule(&b, rule{pod, target, p.Namespace, r.To, r.Ports})
		}
	}
	// a pod reaches itself whatever the policies say
	return fmt.Sprintf("  ip saddr %[1]s ip daddr %[1]s return\n", pod.Status.PodIP) + b.String(), isolated
}

func applies(p *netv1.NetworkPolicy, direction netv1.PolicyType) bool {
	for _, t := range p.Spec.PolicyTypes {
		if t == direction {
			return true
		}
	}
	return false
}

func matches(s *metav1.LabelSelector, l map[string]string) bool {
	sel, err := metav1.LabelSelectorAsSelector(s)
	return err == nil && sel.Matches(labels.Set(l))
}
