// Verifies a log with the Go checksum database's own implementation of signed notes and tiles: an independent client.
//
// Takes the log's folder, its verifier key, an older checkpoint of it, and the index of a record; prints the size of the
// log, the record in hex, and that both proofs hold. Ends with status 1 at anything that does not.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The height of tiles in c2sp.org/tlog-tiles.
const height = 8

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(dir, vkey, older, record string) error {
	tree, err := open(filepath.Join(dir, "checkpoint"), vkey)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	before, err := open(older, vkey)
	if err != nil {
		return fmt.Errorf("older checkpoint: %w", err)
	}
	index, err := strconv.ParseInt(record, 10, 64)
	if err != nil {
		return err
	}
	data, err := entry(dir, index, tree.N)
	if err != nil {
		return err
	}
	// What the tiles hold need not be believed: both proofs made of them are checked against signed roots.
	hashes := tlog.TileHashReader(tree, files{dir})
	proof, err := tlog.ProveRecord(tree.N, index, hashes)
	if err != nil {
		return fmt.Errorf("tiles: %w", err)
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(data)); err != nil {
		return fmt.Errorf("inclusion: %w", err)
	}
	grown, err := tlog.ProveTree(tree.N, before.N, hashes)
	if err != nil {
		return fmt.Errorf("tiles: %w", err)
	}
	if err := tlog.CheckTree(grown, tree.N, tree.Hash, before.N, before.Hash); err != nil {
		return fmt.Errorf("consistency: %w", err)
	}
	fmt.Printf("%d %d %x\n", tree.N, before.N, data)
	return nil
}

// open verifies a checkpoint (c2sp.org/tlog-checkpoint) as a signed note of the key.
func open(path, vkey string) (tlog.Tree, error) {
	var tree tlog.Tree
	msg, err := os.ReadFile(path)
	if err != nil {
		return tree, err
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tree, err
	}
	signed, err := note.Open(msg, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tree, fmt.Errorf("not a checkpoint of this log")
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || copy(tree.Hash[:], root) != tlog.HashSize {
		return tree, fmt.Errorf("the root is no hash")
	}
	return tree, nil
}

// files reads tiles from disk where c2sp.org/tlog-tiles puts them: the paths of the checksum database without its height.
type files struct{ dir string }

func (f files) Height() int                         { return height }
func (f files) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
		data, err := os.ReadFile(filepath.Join(f.dir, path))
		if err != nil {
			return nil, err
		}
		read = append(read, data)
	}
	return read, nil
}

// entry reads a record from its entry bundle, each entry after its length in two bytes.
func entry(dir string, index, size int64) ([]byte, error) {
	bundle, width := index/256, 256
	if (bundle+1)*256 > size {
		width = int(size % 256)
	}
	tile := tlog.Tile{H: height, L: -1, N: bundle, W: width}
	path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/data/", height), "tile/entries/", 1)
	data, err := os.ReadFile(filepath.Join(dir, path))
	if err != nil {
		return nil, err
	}
	reader := bytes.NewReader(data)
	for at := bundle * 256; ; at++ {
		var length uint16
		if err := binary.Read(reader, binary.BigEndian, &length); err != nil {
			return nil, fmt.Errorf("bundle: %w", err)
		}
		one := make([]byte, length)
		if _, err := reader.Read(one); err != nil {
			return nil, fmt.Errorf("bundle: %w", err)
		}
		if at == index {
			return one, nil
		}
	}
}
