using System.Security.Cryptography;
using System.Text;

namespace Dayu.Training;

/// <summary>The documents of a part of a shard set, file after file; nothing of them is copied before it is read.</summary>
sealed class ShardDocuments : Documents
{
    readonly string name;
    readonly MappedShard[] shards;
    readonly long[] firsts;                                          // [S + 1]: the first token of each file, and the end
    readonly int vocabulary;

    /// <summary>Those of some files.</summary>
    /// <param name="name">Of the set.</param>
    /// <param name="shards">The files.</param>
    /// <param name="vocabulary">Ids are below it.</param>
    public ShardDocuments(string name, MappedShard[] shards, int vocabulary)
    {
        (this.name, this.shards, this.vocabulary) = (name, shards, vocabulary);
        firsts = new long[shards.Length + 1];
        for (var s = 0; s < shards.Length; s++) firsts[s + 1] = firsts[s] + shards[s].File.Tokens;
        Count = shards.Sum(s => s.File.Documents);
    }

    /// <inheritdoc/>
    public override long Count { get; }

    /// <inheritdoc/>
    public override long Tokens => firsts[^1];

    /// <inheritdoc/>
    public override long Counted => Tokens - Count;

    /// <inheritdoc/>
    public override bool BeginsAt(long token) => At(token) is var (shard, own, _) && shard.StartOf(shard.DocumentOf(own)) == own;

    /// <inheritdoc/>
    public override long EndAt(long token, long most)
    {
        var (shard, own, first) = At(token);
        return first + shard.StartOf(shard.DocumentOf(own) + 1);
    }

    /// <inheritdoc/>
    public override string PlaceAt(long token)
    {
        var (shard, own, _) = At(token);
        var document = shard.DocumentOf(own);
        var (place, start) = ($"{name}#{shard.NumberOf(document)}", shard.StartOf(document));
        return own == start ? place : $"{place} (from token {own - start + 1:N0})";
    }

    /// <inheritdoc/>
    public override void CopyIds(long start, Span<int> into)
    {
        while (!into.IsEmpty)
        {
            var (shard, own, _) = At(start);
            var n = (int)Math.Min(into.Length, shard.File.Tokens - own);
            shard.Ids.Copy(own, into[..n], vocabulary);
            into = into[n..];
            start += n;
        }
    }

    /// <summary>The hashes that were written down with the files: nobody reads terabytes to go on.</summary>
    internal override void AddTo(IncrementalHash hash)
    {
        foreach (var shard in shards) hash.AppendData(Encoding.UTF8.GetBytes($"{shard.File.Hash} {shard.File.IndexHash}\n"));
    }

    /// <summary>The file of a token, its place there, and the file's first token.</summary>
    (MappedShard Shard, long Own, long First) At(long token)
    {
        var s = Array.BinarySearch(firsts, token) is var i && i >= 0 ? i : ~i - 1;
        return (shards[s], token - firsts[s], firsts[s]);
    }
}
