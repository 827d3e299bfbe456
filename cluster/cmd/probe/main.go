// Program probe prints the status and the body of a GET, for images without a
// client of their own.
package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: probe URL")
		os.Exit(2)
	}
	// the question is whether something answers, not who it is
	insecure := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	r, err := (&http.Client{Timeout: 3 * time.Second, Transport: insecure}).Get(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer r.Body.Close()
	fmt.Println(r.StatusCode)
	if _, err := io.Copy(os.Stdout, r.Body); err != nil {
		os.Exit(1)
	}
}
