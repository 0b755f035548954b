using Dayu.Models;

namespace Dayu.Training;

/// <summary>
/// A source as token ids in files that are read as memory: a folder with <c>shards.json</c>, files of ids and their indices, as
/// <see cref="ShardWriter"/> writes it. The tokenizer lies beside it: in the folder, or in the one that holds it and other sets.
/// </summary>
public sealed class ShardSet : IDisposable
{
    /// <summary>The file that says what the set has; a folder without it is none.</summary>
    public const string FileName = "shards.json";

    /// <summary>The version of the form.</summary>
    internal const int Version = 1;

    /// <summary>Bytes of <see cref="FileName"/> at most.</summary>
    const long Longest = 64 << 20;

    readonly List<MappedShard> shards = [];

    ShardSet(string folder, ShardJson json)
    {
        (Folder, Name, TokenizerHash) = (folder, json.Text("name"), json.Hash("tokenizer"));
        Vocabulary = (int)json.Count("vocabulary", int.MaxValue);
        var bytes = json.Text("dtype") switch
        {
            "uint16" => sizeof(ushort),
            "uint32" => sizeof(uint),
            var other => throw Bad($"dtype is {MappedFile.Shown(other)}; expected uint16 or uint32"),
        };
        try
        {
            foreach (var file in json.Files("files")) shards.Add(new(folder, file, bytes));
            (Documents, Tokens) = (shards.Sum(s => s.File.Documents), shards.Sum(s => s.File.Tokens));
            Same("documents", Documents);
            Same("tokens", Tokens);
            Tokenizer = ShardTokenizer.Beside(folder);
            if (Tokenizer is not null && ShardTokenizer.Hash(Tokenizer) is var hash && hash != TokenizerHash)
                throw Bad($"the set was made with the tokenizer of SHA-256 {TokenizerHash}; {Tokenizer}, which lies beside it, has {hash}. "
                    + "Put its own tokenizer there, or make the set again");
        }
        catch
        {
            Dispose();
            throw;
        }

        void Same(string key, long sum)
        {
            if (json.Count(key) is var said && said != sum) throw Bad($"{key} is {said}, its files have {sum}; make the set again");
        }

        InvalidDataException Bad(string what) => new($"{Path.Combine(folder, FileName)}: {what}");
    }

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    /// <summary>What the source is called.</summary>
    public string Name { get; }

    /// <summary>SHA-256 of the file of its tokenizer, in hexadecimal.</summary>
    public string TokenizerHash { get; }

    /// <summary>Tokens that its tokenizer has.</summary>
    public int Vocabulary { get; }

    /// <summary>Its tokenizer, which was checked to be that of <see cref="TokenizerHash"/>; null: there is none beside it.</summary>
    public string? Tokenizer { get; }

    /// <summary>Documents of both parts.</summary>
    public long Documents { get; }

    /// <summary>Tokens of both parts.</summary>
    public long Tokens { get; }

    /// <summary>Its files, those that are learnt from first.</summary>
    public IEnumerable<ShardFile> Files => shards.Select(s => s.File);

    /// <summary>Whether a path is a set's folder.</summary>
    public static bool Is(string path) => File.Exists(Path.Combine(path, FileName));

    /// <summary>The folders of the sets that a folder holds, by name.</summary>
    public static IReadOnlyList<string> Within(string folder) => !Directory.Exists(folder) ? []
        : [.. Directory.EnumerateDirectories(folder).Where(Is).Order(StringComparer.Ordinal)];

    /// <summary>
    /// Opens a set. Checked is that its files have the lengths and indices that it says, not each of their bytes
    /// (<see cref="Verify"/>).
    /// </summary>
    /// <exception cref="FileNotFoundException">It is none, or a file is missing.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or another tokenizer lies beside it; the message says what is.</exception>
    public static ShardSet Open(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) throw new FileNotFoundException($"no such file: {path}", path);
        if (new FileInfo(path).Length > Longest)
            throw new InvalidDataException($"{path} has {new FileInfo(path).Length:N0} bytes; at most {Longest:N0} are read");
        var json = new ShardJson(Checkpoint.ReadJson(path), path);
        if (json.Count("version") is var version && version != Version)
            throw new InvalidDataException($"{path}: version {version} is none that this program knows; it knows {Version}");
        return new(folder, json);
    }

    /// <summary>Reads everything and checks it against the hashes that were written down.</summary>
    /// <exception cref="InvalidDataException">A file is not as it was written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Verify(CancellationToken cancel = default)
    {
        foreach (var shard in shards) shard.Verify(cancel);
    }

    /// <summary>The documents of a part; they can be read as long as the set is open.</summary>
    /// <param name="part"><see cref="ShardFile.Train"/> or <see cref="ShardFile.Held"/>.</param>
    /// <param name="vocabulary">Tokens that the model has: an id that is not below is refused where it is read.</param>
    public Documents Part(string part, int vocabulary) =>
        new ShardDocuments(Name, [.. shards.Where(s => s.File.Part == part)], vocabulary);

    /// <summary>Unmaps its files.</summary>
    public void Dispose()
    {
        foreach (var shard in shards) shard.Dispose();
    }
}
