using System.Buffers.Binary;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>A file of a shard set and its index, both read as memory.</summary>
sealed class MappedShard : IDisposable
{
    readonly MappedFile ids;
    readonly MappedFile index;

    /// <summary>Maps both and checks that they fit each other.</summary>
    /// <exception cref="InvalidDataException">They do not.</exception>
    /// <exception cref="FileNotFoundException">One is not there.</exception>
    public MappedShard(string folder, ShardFile file, int bytes)
    {
        File = file;
        ids = new(Path.Combine(folder, file.Name));
        try
        {
            index = new(Path.Combine(folder, file.IndexName));
            Fits(ids, file.Tokens, bytes, "tokens");
            Fits(index, file.Documents, ShardFile.Entry, "documents");
            Ids = MappedIds.Of(ids, 0, file.Tokens, bytes);
            CheckIndex();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What <c>shards.json</c> says of it.</summary>
    public ShardFile File { get; }

    /// <summary>Its ids.</summary>
    public MappedIds Ids { get; } = null!;

    /// <summary>The first token of a document; of the one behind the last, the end.</summary>
    public long StartOf(long document) => document == File.Documents ? File.Tokens : Long(document * ShardFile.Entry);

    /// <summary>The number of a document in the corpus.</summary>
    public long NumberOf(long document) => Long(document * ShardFile.Entry + sizeof(long));

    /// <summary>The document of a token.</summary>
    public long DocumentOf(long token)
    {
        var (first, last) = (0L, File.Documents - 1);
        while (first < last)
        {
            var middle = last - (last - first) / 2;
            if (StartOf(middle) <= token) first = middle;
            else last = middle - 1;
        }
        return first;
    }

    /// <summary>Checks both files against their hashes.</summary>
    /// <exception cref="InvalidDataException">One is not as it was written.</exception>
    public void Verify(CancellationToken cancel)
    {
        Verify(ids, File.Hash, cancel);
        Verify(index, File.IndexHash, cancel);
    }

    static void Verify(MappedFile file, string hash, CancellationToken cancel)
    {
        if (FileHash.Of(file, cancel) is var found && found != hash)
            throw new InvalidDataException($"{file.Path}: its SHA-256 is {found}, {hash} was written down when it was made; "
                + "it was changed or damaged: make the set again");
    }

    static void Fits(MappedFile file, long count, int bytes, string what)
    {
        if (file.Length != (Int128)count * bytes)
            throw new InvalidDataException($"{file.Path} has {file.Length:N0} bytes; {ShardSet.FileName} says {count:N0} {what} of {bytes} "
                + "bytes each. Was it cut off? Make the set again");
    }

    void CheckIndex()
    {
        var last = -1L;
        for (var d = 0L; d < File.Documents; d++)
        {
            var (start, number) = (StartOf(d), NumberOf(d));
            if (start <= last || start >= File.Tokens || d == 0 && start != 0 || number < 0)
                throw index.Bad(d * ShardFile.Entry, $"document {d + 1:N0} begins with token {start} and has the number {number}; expected "
                    + $"{(d == 0 ? "token 0" : $"a token above {last} and below {File.Tokens}")}, and a number from 0. Make the set again");
            last = start;
        }
    }

    long Long(long at) => BinaryPrimitives.ReadInt64LittleEndian(index.Bytes(at, sizeof(long)));

    /// <summary>Unmaps both.</summary>
    public void Dispose()
    {
        ids.Dispose();
        index?.Dispose();
    }
}
