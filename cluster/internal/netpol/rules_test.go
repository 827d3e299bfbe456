package netpol

import (
	"strings"
	"testing"

	v1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func pod(ns, name, ip string, ports ...v1.ContainerPort) *v1.Pod {
	return &v1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: ns, Name: name, UID: types.UID(ns + name), Labels: map[string]string{"app": name}},
		Spec:       v1.PodSpec{Containers: []v1.Container{{Ports: ports}}},
		Status:     v1.PodStatus{PodIP: ip, Phase: v1.PodRunning},
	}
}

func app(name string) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: map[string]string{"app": name}}
}

func policy(ns, target string, spec netv1.NetworkPolicySpec) *netv1.NetworkPolicy {
	spec.PodSelector = *app(target)
	return &netv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: ns, UID: types.UID(ns + target)}, Spec: spec}
}

func view(policies ...*netv1.NetworkPolicy) View {
	return View{
		Pods: []*v1.Pod{
			pod("a", "db", "198.18.0.1", v1.ContainerPort{Name: "sql", ContainerPort: 5432}),
			pod("a", "web", "198.18.0.2"), pod("b", "web", "198.18.0.3"),
		},
		Namespaces: map[string]map[string]string{"a": {"team": "x"}, "b": {"team": "y"}},
		Policies:   policies,
	}
}

func chainOf(t *testing.T, text, name string) string {
	t.Helper()
	_, after, ok := strings.Cut(text, " chain "+name+" {\n")
	if !ok {
		t.Fatalf("no chain %s in:\n%s", name, text)
	}
	body, _, _ := strings.Cut(after, "\n }\n")
	return body
}

var ingress = []netv1.PolicyType{netv1.PolicyTypeIngress}

func TestWithoutPoliciesAllPasses(t *testing.T) {
	if text := Ruleset(view()); strings.Contains(text, "drop") {
		t.Error(text)
	}
}

func TestIngressByPodAndNamedPort(t *testing.T) {
	named := intstr.FromString("sql")
	text := Ruleset(view(policy("a", "db", netv1.NetworkPolicySpec{PolicyTypes: ingress, Ingress: []netv1.NetworkPolicyIngressRule{{
		From:  []netv1.NetworkPolicyPeer{{PodSelector: app("web")}},
		Ports: []netv1.NetworkPolicyPort{{Port: &named}},
	}}})))
	want := "  ip saddr 198.18.0.1 ip daddr 198.18.0.1 return\n  ip saddr 198.18.0.2 tcp dport 5432 return\n  drop"
	if got := chainOf(t, text, "in0"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if !strings.Contains(chainOf(t, text, "forward"), "ip daddr 198.18.0.1 jump in0") {
		t.Error(text)
	}
	if strings.Contains(chainOf(t, text, "input"), "jump") {
		t.Error("traffic to the host is judged by an ingress policy:\n", text)
	}
}

func TestPeersOfOtherNamespaces(t *testing.T) {
	text := Ruleset(view(policy("a", "db", netv1.NetworkPolicySpec{PolicyTypes: ingress, Ingress: []netv1.NetworkPolicyIngressRule{{
		From: []netv1.NetworkPolicyPeer{{NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"team": "y"}}}},
	}}})))
	body := chainOf(t, text, "in0")
	if !strings.Contains(body, "ip saddr 198.18.0.3 return") || strings.Contains(body, "198.18.0.2") {
		t.Error(body)
	}
}

func TestEgressToAddressesAndPortRanges(t *testing.T) {
	from, to := intstr.FromInt32(100), int32(200)
	udp := v1.ProtocolUDP
	text := Ruleset(view(policy("a", "db", netv1.NetworkPolicySpec{PolicyTypes: []netv1.PolicyType{netv1.PolicyTypeEgress}, Egress: []netv1.NetworkPolicyEgressRule{{
		To: []netv1.NetworkPolicyPeer{
			{IPBlock: &netv1.IPBlock{CIDR: "10.1.2.3/8", Except: []string{"10.9.0.0/16"}}}, {IPBlock: &netv1.IPBlock{CIDR: "fd00::/8"}}},
		Ports: []netv1.NetworkPolicyPort{{Port: &from, EndPort: &to}, {Protocol: &udp}},
	}}})))
	want := "  ip saddr 198.18.0.1 ip daddr 198.18.0.1 return\n" +
		"  ip daddr 10.0.0.0/8 ip daddr != 10.9.0.0/16 tcp dport 100-200 return\n" +
		"  ip daddr 10.0.0.0/8 ip daddr != 10.9.0.0/16 meta l4proto udp return\n  drop"
	if got := chainOf(t, text, "out0"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if !strings.Contains(chainOf(t, text, "input"), "ip saddr 198.18.0.1 jump out0") {
		t.Error("what leaves a pod for the host is not judged:\n", text)
	}
}

func TestOnlyLivePodsOfTheirOwnNetworkCount(t *testing.T) {
	v := view(policy("a", "db", netv1.NetworkPolicySpec{PolicyTypes: ingress}))
	v.Pods[0].Spec.HostNetwork = true
	if text := Ruleset(v); strings.Contains(text, "drop") {
		t.Error("a pod of the host's network is filtered:\n", text)
	}
	v.Pods[0].Spec.HostNetwork = false
	v.Pods[0].Status.Phase = v1.PodSucceeded
	if text := Ruleset(v); strings.Contains(text, "drop") {
		t.Error("an ended pod, whose address may be another's, is filtered:\n", text)
	}
}

func TestTheSameViewGivesTheSameText(t *testing.T) {
	p, q := policy("a", "db", netv1.NetworkPolicySpec{PolicyTypes: ingress}), policy("b", "web", netv1.NetworkPolicySpec{PolicyTypes: ingress})
	v, w := view(p, q), view(q, p)
	w.Pods[0], w.Pods[2] = w.Pods[2], w.Pods[0]
	if Ruleset(v) != Ruleset(w) {
		t.Error("the order matters")
	}
}
