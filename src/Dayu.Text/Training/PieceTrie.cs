using System.Numerics;

namespace Dayu.Text;

/// <summary>Pieces, read from their last character to the first: from the end of a piece the trie leads to all that end there.</summary>
sealed class PieceTrie
{
    /// <summary>No node, no piece.</summary>
    public const int None = -1;

    readonly List<int> values = [None];
    (ulong Edge, int Child)[] slots = new (ulong, int)[1 << 10];     // child 0 is an empty slot: no edge leads to the root

    /// <param name="symbols">The text.</param>
    /// <param name="pieces">Stretches of it; their numbers are the values.</param>
    public PieceTrie(ReadOnlySpan<ushort> symbols, IReadOnlyList<Piece> pieces)
    {
        for (int id = 0; id < pieces.Count; id++)
        {
            int node = 0;
            for (int at = pieces[id].Start + pieces[id].Length - 1; at >= pieces[id].Start; at--)
                node = Step(node, symbols[at]) is var next and not None ? next : Grow(node, symbols[at]);
            values[node] = id;
        }
    }

    /// <summary>The node one character before; 0 is where to begin.</summary>
    public int Step(int node, ushort symbol)
    {
        ulong edge = Edge(node, symbol);
        for (int at = Slot(edge); ; at = at + 1 & slots.Length - 1)
        {
            var slot = slots[at];
            if (slot.Child == 0) return None;
            if (slot.Edge == edge) return slot.Child;
        }
    }

    /// <summary>The piece that begins here.</summary>
    public int ValueAt(int node) => values[node];

    static ulong Edge(int node, ushort symbol) => (ulong)node << 16 | symbol;

    int Slot(ulong edge)
    {
        ulong hash = edge * ByteHash.Multiplier;
        return (int)(hash >> 32) & slots.Length - 1;
    }

    int Grow(int node, ushort symbol)
    {
        if (2L * values.Count > slots.Length)
        {
            var old = slots;
            slots = new (ulong, int)[BitOperations.RoundUpToPowerOf2((uint)slots.Length + 1)];
            foreach (var (edge, child) in old)
                if (child != 0) Insert(edge, child);
        }
        values.Add(None);
        Insert(Edge(node, symbol), values.Count - 1);
        return values.Count - 1;
    }

    void Insert(ulong edge, int child)
    {
        int at = Slot(edge);
        while (slots[at].Child != 0) at = at + 1 & slots.Length - 1;
        slots[at] = (edge, child);
    }
}
