namespace Dayu.Text;

/// <summary>
/// Byte strings → ids, read a byte at a time: one walk meets every token that a text begins with. The edges (node,
/// byte) → node lie in one open-addressing table, so that a step is one multiplication and mostly one cache line, and a
/// node without children takes no memory.
/// </summary>
sealed class ByteTrie
{
    /// <summary>The node of the empty string.</summary>
    public const int Root = 0;

    /// <summary>No node, no id.</summary>
    public const int None = -1;

    /// <summary>
    /// A node and a byte share 32 bits. Each byte of each token makes at most one node, and no vocabulary has as many.
    /// </summary>
    const int MaxNodes = 1 << 24;

    /// <summary>Random in each process, so that no file can be made whose edges all collide.</summary>
    readonly uint multiplier = (uint)HashCode.Combine(3) | 1;

    readonly List<int> values = [None];
    (uint Edge, int Child)[] slots = new (uint, int)[256];      // child 0 is an empty slot: no edge leads to the root
    int shift = 32 - 8;

    /// <summary>Adds a string. Of two ids for one string the first stays.</summary>
    public void Add(ReadOnlySpan<byte> bytes, int id)
    {
        int node = Root;
        foreach (byte b in bytes) node = Step(node, b) is var next and not None ? next : Grow(node, b);
        if (values[node] == None) values[node] = id;
    }

    /// <summary>The node one byte further; <see cref="None"/> if no string continues so.</summary>
    public int Step(int node, byte next)
    {
        uint edge = (uint)node << 8 | next;
        for (uint at = edge * multiplier >> shift; ; at = at + 1 & (uint)(slots.Length - 1))
        {
            var slot = slots[at];
            if (slot.Child == 0) return None;
            if (slot.Edge == edge) return slot.Child;
        }
    }

    /// <summary>The id of the string that ends at a node; <see cref="None"/> if none does.</summary>
    public int ValueAt(int node) => values[node];

    /// <summary>The length of the longest string that the text begins with, and its id; 0 if there is none.</summary>
    public int Longest(ReadOnlySpan<byte> text, out int id)
    {
        int length = 0;
        id = None;
        for (int at = 0, node = Root; at < text.Length && (node = Step(node, text[at])) != None;)
        {
            at++;
            if (values[node] != None) (length, id) = (at, values[node]);
        }
        return length;
    }

    int Grow(int node, byte next)
    {
        if (values.Count == MaxNodes)
            throw new TokenizerException($"The tokens of this vocabulary have more than {MaxNodes} bytes together; "
                + "a tokenizer has far fewer. The file is damaged, or its lengths were misread.");
        if (2 * values.Count > slots.Length) Rehash();
        Insert((uint)node << 8 | next, values.Count);
        values.Add(None);
        return values.Count - 1;
    }

    void Rehash()
    {
        var old = slots;
        slots = new (uint, int)[2 * old.Length];
        shift--;
        foreach (var (edge, child) in old)
            if (child != 0) Insert(edge, child);
    }

    void Insert(uint edge, int child)
    {
        uint at = edge * multiplier >> shift;
        while (slots[at].Child != 0) at = at + 1 & (uint)(slots.Length - 1);
        slots[at] = (edge, child);
    }
}
