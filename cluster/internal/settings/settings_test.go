package settings

import (
	"path/filepath"
	"reflect"
	"testing"
)

func env(m map[string]string) func(string) string { return func(k string) string { return m[k] } }

func TestAChoiceLastsUntilTheNext(t *testing.T) {
	file := filepath.Join(t.TempDir(), "settings.json")
	first, err := Default().WithEnv(env(map[string]string{"NODES": "3", "KWOK": "1", "APISERVER_ARGS": "--a=1 --b"}))
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Save(file); err != nil {
		t.Fatal(err)
	}
	kept, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	again, err := kept.WithEnv(env(nil))
	if err != nil || !reflect.DeepEqual(first, again) {
		t.Fatalf("%+v became %+v, %v", first, again, err)
	}
	one, err := kept.WithEnv(env(map[string]string{"NODES": "1", "KWOK": "0"}))
	if err != nil || one.Nodes != 1 || one.Kwok {
		t.Fatalf("not changed: %+v, %v", one, err)
	}
}

func TestWrongValuesAreNamed(t *testing.T) {
	for key, value := range map[string]string{"NODES": "0", "KWOK": "maybe", "PROXY_MODE": "ipvs", "NODE_GRACE": "20"} {
		if _, err := Default().WithEnv(env(map[string]string{key: value})); err == nil {
			t.Errorf("%s=%s was taken", key, value)
		}
	}
}
