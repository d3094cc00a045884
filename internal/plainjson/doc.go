// Package plainjson writes every result of this program as JSON, and reads it.
//
// It differs from encoding/json in two ways. A number that is NaN or infinite does
// not fail: it becomes null, and the outermost object ends with a list "undefined"
// that names it and says why. Characters that steer a terminal are written as \u
// escapes, so that JSON can be printed whatever names it quotes. All other values
// give the bytes of encoding/json.
//
//	text, err := plainjson.Marshal(struct {
//		AUC float64 `json:"auc"`
//	}{math.NaN()})
//	// {"auc":null,"undefined":[{"key":"auc","why":"not a number: too few values, all alike, or too large on the way"}]}
//
// Unmarshal reads null as NaN where the value is a float64.
package plainjson
