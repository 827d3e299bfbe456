package netpol

import (
	"fmt"
	"net/netip"
	"strings"

	v1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// rule is one rule of a policy, seen from the pod that it is for. field is
// the nft name of the other side's address.
type rule struct {
	pod   *v1.Pod
	field string
	ns    string
	peers []netv1.NetworkPolicyPeer
	ports []netv1.NetworkPolicyPort
}

// side is an address match together with the pod behind it, if it is a pod.
type side struct {
	match string
	pod   *v1.Pod
}

// rule writes what one rule lets through.
func (v View) rule(b *strings.Builder, r rule) {
	for _, s := range v.sides(r) {
		receiver := s.pod
		if r.field == source {
			receiver = r.pod
		}
		if len(r.ports) == 0 {
			fmt.Fprintf(b, "  %s return\n", s.match)
		}
		for _, p := range r.ports {
			if m, ok := port(p, receiver); ok {
				fmt.Fprintf(b, "  %s %s return\n", s.match, m)
			}
		}
	}
}

func (v View) sides(r rule) []side {
	if len(r.peers) == 0 {
		return []side{{}} // no peer named: any
	}
	var out []side
	for _, peer := range r.peers {
		if peer.IPBlock != nil {
			if m, ok := block(peer.IPBlock, r.field); ok {
				out = append(out, side{match: m})
			}
			continue
		}
		for _, p := range v.peerPods(r.ns, peer) {
			out = append(out, side{fmt.Sprintf("ip %s %s", r.field, p.Status.PodIP), p})
		}
	}
	return out
}

// block gives the match of an address block; IPv6 ones match nothing here.
func block(b *netv1.IPBlock, field string) (string, bool) {
	p, err := netip.ParsePrefix(b.CIDR)
	if err != nil || !p.Addr().Is4() {
		return "", false
	}
	m := fmt.Sprintf("ip %s %s", field, p.Masked())
	for _, x := range b.Except {
		if e, err := netip.ParsePrefix(x); err == nil && e.Addr().Is4() {
			m += fmt.Sprintf(" ip %s != %s", field, e.Masked())
		}
	}
	return m, true
}

func (v View) peerPods(ns string, peer netv1.NetworkPolicyPeer) []*v1.Pod {
	var out []*v1.Pod
	for _, p := range v.Pods {
		if peer.NamespaceSelector == nil && p.Namespace != ns {
			continue
		}
		if peer.NamespaceSelector != nil {
			l, known := v.Namespaces[p.Namespace]
			if !known || !matches(peer.NamespaceSelector, l) {
				continue
			}
		}
		if peer.PodSelector == nil || matches(peer.PodSelector, p.Labels) {
			out = append(out, p)
		}
	}
	return out
}

// port gives the match of one policy port. A named port means what the
// receiving pod calls so; towards an address block it means nothing.
func port(p netv1.NetworkPolicyPort, receiver *v1.Pod) (string, bool) {
	proto := "tcp"
	if p.Protocol != nil {
		proto = strings.ToLower(string(*p.Protocol))
	}
	switch {
	case p.Port == nil:
		return "meta l4proto " + proto, true
	case p.Port.Type == intstr.Int && p.EndPort != nil:
		return fmt.Sprintf("%s dport %d-%d", proto, p.Port.IntVal, *p.EndPort), true
	case p.Port.Type == intstr.Int:
		return fmt.Sprintf("%s dport %d", proto, p.Port.IntVal), true
	case receiver == nil:
		return "", false
	}
	// a restartable init container (a sidecar) serves ports as well
	for _, c := range append(append([]v1.Container(nil), receiver.Spec.InitContainers...), receiver.Spec.Containers...) {
		for _, cp := range c.Ports {
			if cp.Name == p.Port.StrVal && (cp.Protocol == "" || strings.EqualFold(string(cp.Protocol), proto)) {
				return fmt.Sprintf("%s dport %d", proto, cp.ContainerPort), true
			}
		}
	}
	return "", false
}
