package store_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"xushi/internal/figure"
	"xushi/internal/store"
	"xushi/internal/store/pgtest"
	"xushi/internal/store/storetest"
)

// envPoster makes the test binary a process that posts to the database it names.
const envPoster = "XUSHI_STORE_TEST_POSTER"

func TestMain(m *testing.M) {
	if dsn := os.Getenv(envPoster); dsn != "" {
		if err := postForever(dsn, os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// postForever appends changes of one to many figures and says each one's
// series on standard output when it is acknowledged. The series names the
// process and the post; its parts count the figures.
func postForever(dsn, name string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, dsn, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	seen := int64(0)
	for i := 0; ; i++ {
		series := fmt.Sprintf("%s/%d", name, i)
		var c figure.Change
		c.Kind, c.Actor = figure.Figures, name
		for part := range 1 + rand.IntN(1<<rand.IntN(8)) {
			c.Figures = append(c.Figures, storetest.Figure(series, fmt.Sprint(part), "1.50"))
		}
		c.Detail = fmt.Appendf(nil, `{"figures":%d}`, len(c.Figures))
		recorded, err := db.Append(ctx, seen, func([]*figure.Change) ([]*figure.Change, error) { return []*figure.Change{&c}, nil })
		if err != nil {
			return err
		}
		seen = recorded[0].Seq
		if _, err := fmt.Println("ack", series); err != nil {
			return err
		}
	}
}

// poster gives the command that runs postForever.
func poster(t *testing.T, dsn, name string, wrapper ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := slices.Concat(wrapper, []string{self, name})
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), envPoster+"="+dsn)
	cmd.Stderr = os.Stderr
	return cmd
}

// TestKilled kills processes that post, without warning and at any moment, and
// looks each time whether every acknowledged figure is there, once and whole.
func TestKilled(t *testing.T) {
	rounds := 50
	if testing.Short() {
		rounds = 10
	}
	t.Run("sqlite", func(t *testing.T) { killed(t, freshSQLite, rounds) })
	t.Run("postgres", func(t *testing.T) { killed(t, pgtest.Start(t).Database, rounds) })
}

func killed(t *testing.T, fresh func(testing.TB) string, rounds int) {
	var dsn string
	var acknowledged map[string]bool
	total := 0
	for round := range rounds {
		if round%10 == 0 { // before the log gets long
			dsn, acknowledged = fresh(t), map[string]bool{}
		}
		// Every other round two processes share the database. In every fifth
		// they may be killed while they open it, or make the schema.
		running := []*victim{startVictim(t, dsn, fmt.Sprint("poster", round))}
		if round%2 == 0 {
			running = append(running, startVictim(t, dsn, fmt.Sprint("second", round)))
		}
		for _, v := range running {
			if round%5 != 0 {
				v.waitForFirst(t)
			}
		}
		for _, v := range running {
			time.Sleep(time.Duration(rand.IntN(40_000)) * time.Microsecond)
			for _, series := range v.kill() {
				acknowledged[series] = true
				total++
			}
		}
		checkWhole(t, dsn, acknowledged)
		if t.Failed() {
			t.Fatalf("after round %d", round)
		}
	}
	t.Logf("%d kills, %d acknowledged changes", rounds+(rounds+1)/2, total)
}

// checkWhole opens the database as the next process would.
func checkWhole(t *testing.T, dsn string, acknowledged map[string]bool) {
	t.Helper()
	db, err := store.Open(t.Context(), dsn, store.Options{})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer db.Close()
	if err := db.Verify(t.Context()); err != nil {
		t.Errorf("verify: %v", err)
	}
	found := map[string]int{}
	for _, c := range storetest.All(t, db) {
		found[c.Figures[0].Series]++
		if want := fmt.Sprintf(`{"figures":%d}`, len(c.Figures)); string(c.Detail) != want {
			t.Errorf("change %d has %d figures and says %s", c.Seq, len(c.Figures), c.Detail)
		}
		for i, f := range c.Figures {
			if f.Series != c.Figures[0].Series || f.Part != fmt.Sprint(i) || f.Value.String() != "1.50" {
				t.Errorf("change %d has %v at %d", c.Seq, f, i)
			}
		}
	}
	for series := range acknowledged {
		if found[series] != 1 {
			t.Errorf("%s was acknowledged and is there %d times", series, found[series])
		}
	}
	for series, n := range found {
		if n != 1 {
			t.Errorf("%s is there %d times", series, n)
		}
	}
}

// victim is a process that posts until it is killed.
type victim struct {
	cmd   *exec.Cmd
	first chan struct{} // closed with the first acknowledgement, or the end
	acks  chan []string
}

func startVictim(t *testing.T, dsn, name string) *victim {
	t.Helper()
	v := &victim{cmd: poster(t, dsn, name), first: make(chan struct{}), acks: make(chan []string, 1)}
	out, err := v.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := v.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.cmd.Process.Kill() }) // where the test ends early
	go func() { v.acks <- acks(out, v.first) }()
	return v
}

func (v *victim) waitForFirst(t *testing.T) {
	t.Helper()
	select {
	case <-v.first:
	case <-time.After(30 * time.Second):
		t.Fatal("the process does not post")
	}
}

// kill ends the process as a power switch would and gives what it acknowledged.
func (v *victim) kill() []string {
	v.cmd.Process.Kill()
	acknowledged := <-v.acks // read to the end before Wait closes the pipe
	v.cmd.Wait()
	return acknowledged
}

// acks reads what a poster says until its end; a line cut off by the kill does
// not count.
func acks(out io.Reader, first chan<- struct{}) (series []string) {
	r := bufio.NewReader(out)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			if len(series) == 0 {
				close(first)
			}
			return series
		}
		series = append(series, strings.TrimSpace(strings.TrimPrefix(line, "ack ")))
		if len(series) == 1 {
			close(first)
		}
	}
}
