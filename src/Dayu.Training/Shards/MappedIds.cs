using System.Numerics;
using System.Runtime.InteropServices;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>Token ids in a file that is read as memory, little-endian, in one of several widths.</summary>
/// <param name="file">The file.</param>
/// <param name="from">The byte with which they begin.</param>
/// <param name="count">How many there are.</param>
abstract class MappedIds(MappedFile file, long from, long count)
{
    /// <summary>Ids that are looked at in one go.</summary>
    protected const int Piece = 1 << 20;

    /// <summary>The file.</summary>
    public MappedFile File => file;

    /// <summary>How many there are.</summary>
    public long Count => count;

    /// <summary>The byte with which they begin.</summary>
    protected long From => from;

    /// <summary>Ids as <c>int</c>.</summary>
    /// <param name="start">The first.</param>
    /// <param name="into">As many.</param>
    /// <param name="vocabulary">They are below it.</param>
    /// <exception cref="InvalidDataException">One is not; the message says which.</exception>
    public abstract void Copy(long start, Span<int> into, int vocabulary);

    /// <summary>Where an id comes first in [start, end); −1: nowhere.</summary>
    public abstract long IndexOf(int id, long start, long end);

    /// <summary>Where an id comes last in [start, end); −1: nowhere.</summary>
    public abstract long LastIndexOf(int id, long start, long end);

    /// <summary>How often an id comes in [start, end).</summary>
    public abstract long CountOf(int id, long start, long end);

    /// <summary>Checks ids [start, end).</summary>
    /// <inheritdoc cref="Copy"/>
    public abstract void Check(long start, long end, int vocabulary);

    /// <summary>Ids of so many bytes, without a sign.</summary>
    public static MappedIds Of(MappedFile file, long from, long count, int bytes) => bytes == sizeof(ushort)
        ? new MappedIds<ushort>(file, from, count) : new MappedIds<uint>(file, from, count);
}

/// <summary>Those of one width.</summary>
sealed class MappedIds<T>(MappedFile file, long from, long count) : MappedIds(file, from, count)
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    static unsafe int Size => sizeof(T);

    /// <inheritdoc/>
    public override void Copy(long start, Span<int> into, int vocabulary)
    {
        for (var at = 0; at < into.Length; at += Piece)
        {
            var part = Span(start + at, Math.Min(Piece, into.Length - at));
            Check(part, start + at, vocabulary);
            for (var i = 0; i < part.Length; i++) into[at + i] = int.CreateTruncating(part[i]);
        }
    }

    /// <inheritdoc/>
    public override long IndexOf(int id, long start, long end)
    {
        if (Narrow(id) is not { } wanted) return -1;
        for (long n; start < end; start += n)
        {
            n = Math.Min(Piece, end - start);
            if (Span(start, (int)n).IndexOf(wanted) is >= 0 and var found) return start + found;
        }
        return -1;
    }

    /// <inheritdoc/>
    public override long LastIndexOf(int id, long start, long end)
    {
        if (Narrow(id) is not { } wanted) return -1;
        for (long n; start < end; end -= n)
        {
            n = Math.Min(Piece, end - start);
            if (Span(end - n, (int)n).LastIndexOf(wanted) is >= 0 and var found) return end - n + found;
        }
        return -1;
    }

    /// <inheritdoc/>
    public override long CountOf(int id, long start, long end)
    {
        var all = 0L;
        for (long n; start < end && Narrow(id) is { } wanted; start += n)
        {
            n = Math.Min(Piece, end - start);
            all += Span(start, (int)n).Count(wanted);
        }
        return all;
    }

    /// <inheritdoc/>
    public override void Check(long start, long end, int vocabulary)
    {
        for (long n; start < end; start += n)
        {
            n = Math.Min(Piece, end - start);
            Check(Span(start, (int)n), start, vocabulary);
        }
    }

    void Check(ReadOnlySpan<T> part, long start, int vocabulary)
    {
        var unknown = part.IndexOfAnyExceptInRange(T.Zero, T.CreateSaturating(vocabulary - 1));
        if (unknown >= 0) throw new InvalidDataException($"{File.Path}, token {start + unknown + 1:N0}: id {part[unknown]} is none that "
            + $"the model has, 0 … {vocabulary - 1}; was it written with another tokenizer?");
    }

    /// <summary>An id in this width; null: it has no room in it.</summary>
    static T? Narrow(int id) => T.CreateSaturating(id) is var narrow && int.CreateSaturating(narrow) == id ? narrow : null;

    ReadOnlySpan<T> Span(long start, int n) => MemoryMarshal.Cast<byte, T>(File.Bytes(From + start * Size, (long)n * Size));
}
