package exact_test

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"

	"xushi/internal/exact"
	"xushi/internal/fault"
)

// anyRat draws numbers of both forms: small ones as figures have them, ones at
// the edge of a word, and ones far beyond it.
func anyRat() *rapid.Generator[exact.Rat] {
	return rapid.Custom(func(t *rapid.T) exact.Rat {
		switch rapid.IntRange(0, 4).Draw(t, "form") {
		case 0:
			return exact.FromFrac(rapid.Int64Range(-1000, 1000).Draw(t, "n"), rapid.Int64Range(1, 1000).Draw(t, "d"))
		case 1:
			return exact.FromDecimal(decimal.MustNew(rapid.Int64().Draw(t, "coef"), rapid.IntRange(0, 19).Draw(t, "scale")))
		case 2:
			d := rapid.Int64().Filter(func(d int64) bool { return d != 0 }).Draw(t, "d")
			return exact.FromFrac(rapid.Int64().Draw(t, "n"), d)
		case 3:
			return exact.FromInt(rapid.SampledFrom([]int64{math.MinInt64, math.MinInt64 + 1, -1, 0, 1, math.MaxInt64}).Draw(t, "edge"))
		default:
			a := exact.FromFrac(rapid.Int64().Draw(t, "n"), rapid.Int64Range(1, math.MaxInt64).Draw(t, "d"))
			return a.Mul(a).Mul(a)
		}
	})
}

// same fails unless got is want and in its one form.
func same(t *rapid.T, what string, got exact.Rat, want *big.Rat) {
	t.Helper()
	if got.Big().Cmp(want) != 0 {
		t.Fatalf("%s = %v, want %v", what, got.Big(), want)
	}
	if again := exact.FromBig(want); got.Cmp(again) != 0 || got.IsInt() != want.IsInt() || got.Sign() != want.Sign() {
		t.Fatalf("%s: %v and %v are not one number", what, got, again)
	}
}

func TestAgainstBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyRat().Draw(t, "a"), anyRat().Draw(t, "b")
		x, y := a.Big(), b.Big()
		same(t, "a", a, x)
		same(t, "a+b", a.Add(b), new(big.Rat).Add(x, y))
		same(t, "a-b", a.Sub(b), new(big.Rat).Sub(x, y))
		same(t, "a*b", a.Mul(b), new(big.Rat).Mul(x, y))
		same(t, "-a", a.Neg(), new(big.Rat).Neg(x))
		if y.Sign() != 0 {
			same(t, "a/b", a.Quo(b), new(big.Rat).Quo(x, y))
		}
		if a.Cmp(b) != x.Cmp(y) || a.Equal(b) != (x.Cmp(y) == 0) || a.Less(b) != (x.Cmp(y) < 0) {
			t.Fatalf("cmp(%v, %v) = %d, want %d", x, y, a.Cmp(b), x.Cmp(y))
		}
		if low, high := exact.Min(a, b), exact.Max(a, b); high.Less(low) || !low.Add(high).Equal(a.Add(b)) {
			t.Fatalf("min %v, max %v of %v and %v", low, high, a, b)
		}
		if want, _ := x.Float64(); a.Float64() != want {
			t.Fatalf("float of %v = %v, want %v", x, a.Float64(), want)
		}
		// What went up comes down again: there and back is the same number.
		if back := a.Mul(b).Add(a).Sub(a); !back.Equal(a.Mul(b)) {
			t.Fatalf("there and back: %v", back)
		}
	})
}

func TestFloor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, step := anyRat().Draw(t, "a"), anyRat().Draw(t, "step")
		if step.Sign() <= 0 {
			step = step.Neg().Add(exact.FromInt(1))
		}
		f := a.FloorTo(step)
		if !f.IsMultiple(step) || a.Less(f) || !a.Less(f.Add(step)) {
			t.Fatalf("%v rounded down to %v is %v", a.Big(), step.Big(), f.Big())
		}
	})
}

func TestText(t *testing.T) {
	for _, c := range []struct {
		n, d  int64
		scale int
		want  string
	}{
		{0, 1, 0, "0"}, {0, 1, 2, "0.00"}, {1, 2, 0, "1"}, {-1, 2, 0, "-1"}, {-49, 100, 0, "0"},
		{5, 100, 1, "0.1"}, {-5, 100, 1, "-0.1"}, {-4, 100, 1, "0.0"}, {11, 12, 4, "0.9167"},
		{999, 1000, 2, "1.00"}, {-999, 1000, 2, "-1.00"}, {7390, 100, 2, "73.90"}, {2, 3, 18, "0.666666666666666667"},
		{2, 3, 25, "0.6666666666666666666666667"}, {math.MaxInt64, 1, 1, "9223372036854775807.0"}, {3, 2, -1, "2"},
		{-1, 3000000000000000000, 18, "0.000000000000000000"},
	} {
		if got := exact.FromFrac(c.n, c.d).Text(c.scale); got != c.want {
			t.Errorf("%d/%d to %d decimals = %s, want %s", c.n, c.d, c.scale, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, scale := anyRat().Draw(t, "a"), rapid.IntRange(0, 22).Draw(t, "scale")
		want := a.Big().FloatString(scale)
		if strings.Trim(want, "-0.") == "" {
			want = strings.TrimPrefix(want, "-")
		}
		if got := a.Text(scale); got != want {
			t.Fatalf("%v to %d decimals = %s, want %s", a.Big(), scale, got, want)
		}
	})
}

func TestOptJSON(t *testing.T) {
	for _, c := range []struct {
		opt  exact.Opt
		want string
	}{
		{exact.Opt{}, "null"},
		{exact.Some(exact.Rat{}), "0"},
		{exact.Some(exact.FromFrac(2, 3)), "0.666666667"},
		{exact.Some(exact.FromFrac(-1, 2000000000)), "-0.000000001"},
		{exact.Some(exact.FromFrac(-1, 2000000001)), "0"},
		{exact.Some(exact.FromFrac(7390, 100)), "73.9"},
		{exact.Some(exact.FromInt(100)), "100"},
		{exact.Some(exact.FromInt(math.MaxInt64).Mul(exact.FromInt(100))), "922337203685477580700"},
	} {
		b, err := json.Marshal(c.opt)
		if err != nil || string(b) != c.want {
			t.Errorf("%v gives %s, %v; want %s", c.opt, b, err, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a := exact.Some(anyRat().Draw(t, "a"))
		b, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var back exact.Opt
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		// What is read is what was written, and writing it again changes nothing.
		again, _ := json.Marshal(back)
		off := back.Value.Sub(a.Value).Big()
		if !back.OK || string(again) != string(b) || off.Abs(off).Cmp(big.NewRat(1, 2e9)) > 0 {
			t.Fatalf("%s became %s", b, again)
		}
	})
	var o exact.Opt
	for _, bad := range []string{`"1"`, `1e3`, `true`, `{}`, `1e999999999`} {
		if err := json.Unmarshal([]byte(bad), &o); err == nil {
			t.Errorf("%s was read as %v", bad, o)
		}
	}
}

func TestParseDecimal(t *testing.T) {
	for _, s := range []string{"0", "-0.1", "+5", "73.90", "0001", "1234567890123456789", "0.1234567890123456789", "000000000000000000000001.5"} {
		d, err := exact.ParseDecimal(s)
		if err != nil {
			t.Errorf("%s: %v", s, err)
			continue
		}
		want, _ := new(big.Rat).SetString(s)
		if exact.FromDecimal(d).Big().Cmp(want) != 0 {
			t.Errorf("%s was read as %v", s, d)
		}
	}
	for s, code := range map[string]string{
		"": "number_empty", " ": "number_form", "NaN": "number_form", "Inf": "number_form", "-Infinity": "number_form",
		"1e3": "number_form", "1E3": "number_form", "1,000": "number_form", "１": "number_form", "--1": "number_form",
		".": "number_form", ".5": "number_form", "5.": "number_form", "1.2.3": "number_form", "-": "number_form", "0x1": "number_form",
		" 1": "number_form", "1 ": "number_form", "5%": "number_form",
		"12345678901234567890": "number_digits", "0.12345678901234567891": "number_digits", "1.0000000000000000000": "number_digits",
		strings.Repeat("数", 100): "number_form",
	} {
		_, err := exact.ParseDecimal(s)
		if f := fault.As(err); f == nil || f.Code != code {
			t.Errorf("%q: %v, want %s", s, err, code)
		}
	}
}

func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"0", "-0.1", "1e9", "NaN", "12345678901234567890", "0.00000000000000000001", "+", "1.", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := exact.ParseDecimal(s)
		if err != nil {
			if fault.As(err) == nil {
				t.Fatalf("%q: %v is not a fault", s, err)
			}
			return
		}
		// What is accepted is exactly the number that was typed.
		want, ok := new(big.Rat).SetString(s)
		if !ok || exact.FromDecimal(d).Big().Cmp(want) != 0 {
			t.Fatalf("%q was read as %v", s, d)
		}
	})
}

func TestPanics(t *testing.T) {
	for name, do := range map[string]func(){
		"division": func() { exact.FromInt(1).Quo(exact.Rat{}) },
		"fraction": func() { exact.FromFrac(1, 0) },
		"step":     func() { exact.FromInt(1).FloorTo(exact.Rat{}) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			do()
		})
	}
}

// TestNoAllocation holds the fast path to its promise.
func TestNoAllocation(t *testing.T) {
	a, b, step := exact.FromFrac(7390, 100), exact.FromFrac(151, 365), exact.FromFrac(1, 100)
	buf := make([]byte, 0, 64)
	if n := testing.AllocsPerRun(100, func() {
		c := a.Mul(b).Add(step).Sub(b).Quo(a).FloorTo(step).Neg()
		_ = c.Cmp(b) + c.Sign()
		_ = c.Float64()
		buf = exact.Min(a, exact.Max(b, c)).AppendText(buf[:0], 9, true)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkRat(b *testing.B) {
	x, y, step := exact.FromFrac(7390, 100), exact.FromFrac(151, 365), exact.FromFrac(1, 100)
	var r exact.Rat
	for name, do := range map[string]func(){
		"add":     func() { r = x.Add(y) },
		"mul":     func() { r = x.Mul(y) },
		"quo":     func() { r = x.Quo(y) },
		"floorto": func() { r = x.FloorTo(step) },
		"cmp":     func() { _ = x.Cmp(y) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				do()
			}
		})
	}
	_ = r
	p, q := x.Big(), y.Big()
	b.Run("big.Rat/add", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			new(big.Rat).Add(p, q)
		}
	})
}
