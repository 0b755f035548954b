namespace Dayu.Text;

/// <summary>
/// The parts of a text in which the text of a control token (<c>&lt;|im_end|&gt;</c>) means that token. One that lies
/// not wholly within a part is ordinary text; the parts change nothing else about how a text is divided into tokens.
/// </summary>
public sealed class ControlSpans
{
    readonly int[] bounds;                  // start, end, start, end, …: ascending

    ControlSpans(int[] bounds) => this.bounds = bounds;

    /// <summary>Control tokens are nowhere.</summary>
    public static ControlSpans None { get; } = new([]);

    /// <summary>Control tokens may be anywhere.</summary>
    public static ControlSpans All { get; } = new([0, int.MaxValue]);

    /// <summary>Control tokens may be in these parts.</summary>
    /// <param name="spans">
    /// Where each begins and ends, in characters: in order, each after the end of the one before it.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A part ends before it begins, or begins before the one before it ends.
    /// </exception>
    public static ControlSpans Of(params IEnumerable<(int Start, int End)> spans)
    {
        ArgumentNullException.ThrowIfNull(spans);
        var bounds = new List<int>();
        foreach (var (start, end) in spans)
        {
            int before = bounds.Count > 0 ? bounds[^1] : 0;
            if (start < before || end < start)
                throw new ArgumentException(
                    $"a span from {start} to {end}, after {before}: give spans in order, each from its start to its end",
                    nameof(spans));
            if (bounds.Count > 0 && start == before) bounds.RemoveAt(bounds.Count - 1);
            else bounds.Add(start);
            bounds.Add(end);
        }
        return new([.. bounds]);
    }

    /// <summary>Whether it depends on the place.</summary>
    internal bool Differ => bounds.Length > 0 && this != All;

    /// <summary>Whether these characters all lie in one part.</summary>
    internal bool Contain(int start, int end)
    {
        int found = Array.BinarySearch(bounds, start);
        int part = found >= 0 ? found : ~found - 1;                      // the last bound that is not after the start
        return part >= 0 && part % 2 == 0 && end <= bounds[part + 1];
    }

    /// <summary>The bounds between two positions, those themselves not included.</summary>
    internal ReadOnlySpan<int> Between(int start, int end)
    {
        int first = Array.BinarySearch(bounds, start) is var i && i >= 0 ? i + 1 : ~i;
        int last = Array.BinarySearch(bounds, end) is var j && j >= 0 ? j : ~j;
        return first < last ? bounds.AsSpan(first, last - first) : [];
    }
}
