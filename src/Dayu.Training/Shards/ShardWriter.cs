using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>
/// Writes a shard set: documents as token ids in files of bearable size, those that are learnt from apart from those held out, and last
/// of all <c>shards.json</c>, without which a folder is no set. It can be interrupted anywhere and gone on with from a state that the
/// caller kept: the same documents give the same bytes.
/// </summary>
public sealed class ShardWriter : IDisposable
{
    readonly string folder, name, tokenizer;
    readonly int vocabulary, bytes;
    readonly long tokensPerFile;
    readonly List<ShardFile> closed = [];
    readonly Dictionary<string, ShardFileWriter> open = [];
    readonly Dictionary<string, int> next = new() { [ShardFile.Train] = 0, [ShardFile.Held] = 0 };

    /// <summary>Begins a set; one that lies in the folder already is removed.</summary>
    /// <param name="folder">Where; made where it is not there.</param>
    /// <param name="name">What the source is called.</param>
    /// <param name="tokenizerHash">SHA-256 of the tokenizer's file, in hexadecimal: <see cref="ShardTokenizer.Keep"/>.</param>
    /// <param name="vocabulary">Tokens that the tokenizer has: ids are below it. Up to 65,536 an id takes two bytes, else four.</param>
    /// <param name="tokensPerFile">A file that has so many is ended; a document lies in one file.</param>
    public ShardWriter(string folder, string name, string tokenizerHash, int vocabulary, long tokensPerFile = 1L << 27)
        : this(folder, name, tokenizerHash, vocabulary, tokensPerFile, keep: null)
    {
        RemoveOthers();
    }

    ShardWriter(string folder, string name, string tokenizerHash, int vocabulary, long tokensPerFile, JsonObject? keep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokensPerFile, 1);
        (this.folder, this.name, tokenizer, this.vocabulary) = (folder, name, tokenizerHash, vocabulary);
        (this.tokensPerFile, bytes) = (tokensPerFile, ShardFile.BytesOf(vocabulary));
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, ShardSet.FileName));          // first: what is half there is no set
        if (keep is null) return;
        var state = new ShardJson(keep, folder);
        closed.AddRange(state.Files("files"));
        foreach (var file in closed) CheckLength(file);
        try
        {
            foreach (var part in (string[])[ShardFile.Train, ShardFile.Held]) Reopen(part, state.Object(part));
        }
        catch
        {
            Dispose();
            throw;
        }
        RemoveOthers();
        Tokens = closed.Sum(f => f.Tokens) + open.Values.Sum(f => f.Tokens);
    }

    void Reopen(string part, ShardJson? at)
    {
        next[part] = closed.Count(f => f.Part == part);
        if (at is null) return;
        open[part] = new(folder, part, next[part]++, bytes, at.Count("tokens", long.MaxValue / bytes),
            at.Count("documents", long.MaxValue / ShardFile.Entry));
    }

    /// <summary>Goes on with a set that was interrupted; what was written after the state is cut off.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <param name="name">What the source is called.</param>
    /// <param name="tokenizerHash">As it was begun.</param>
    /// <param name="vocabulary">As it was begun.</param>
    /// <param name="state">What <see cref="State"/> said.</param>
    /// <param name="tokensPerFile">As it was begun.</param>
    /// <exception cref="InvalidDataException">The files have less than the state says, or it is no state.</exception>
    public static ShardWriter Resume(
        string folder, string name, string tokenizerHash, int vocabulary, JsonObject state, long tokensPerFile = 1L << 27) =>
        new(folder, name, tokenizerHash, vocabulary, tokensPerFile, state);

    /// <summary>Tokens so far, of both parts.</summary>
    public long Tokens { get; private set; }

    /// <summary>Adds a document; one without tokens is left out.</summary>
    /// <param name="ids">Its ids.</param>
    /// <param name="document">Its number in the corpus, by which its place is found again.</param>
    /// <param name="held">Whether it is held out.</param>
    /// <exception cref="ArgumentException">An id is not below the vocabulary; nothing was written of it.</exception>
    public void Add(ReadOnlySpan<int> ids, long document, bool held)
    {
        if (ids.IsEmpty) return;
        for (var i = 0; i < ids.Length; i++)
            if ((uint)ids[i] >= (uint)vocabulary)
                throw new ArgumentException($"{name}#{document}: token {ids[i]}, the {i + 1:N0}th of the document, is none of this "
                    + $"tokenizer's, 0 … {vocabulary - 1}", nameof(ids));
        var part = held ? ShardFile.Held : ShardFile.Train;
        if (!open.TryGetValue(part, out var file))
        {
            if (next[part] == ShardFile.Most) throw new InvalidOperationException($"{folder}: there are {ShardFile.Most:N0} files already; "
                + "make them larger (tokensPerFile)");
            open[part] = file = new(folder, part, next[part]++, bytes);
        }
        file.Add(ids, document);
        Tokens += ids.Length;
        if (file.Tokens >= tokensPerFile) Close(part);
    }

    /// <summary>Brings everything to the disk; what <see cref="Resume"/> goes on from.</summary>
    public JsonObject State()
    {
        var state = new JsonObject { ["files"] = ShardJson.Of(closed) };
        foreach (var (part, file) in open)
        {
            file.Flush();
            state[part] = new JsonObject { ["tokens"] = file.Tokens, ["documents"] = file.Documents };
        }
        return state;
    }

    /// <summary>Ends the set: from now on it can be read.</summary>
    /// <param name="made">What whoever makes it wants to keep with it: options, a fingerprint.</param>
    public void Finish(JsonObject made)
    {
        foreach (var part in open.Keys.ToArray()) Close(part);
        ShardFile[] files = [.. closed.OrderBy(f => f.Part == ShardFile.Held).ThenBy(f => f.Name, StringComparer.Ordinal)];
        var json = new JsonObject
        {
            ["version"] = ShardSet.Version, ["name"] = name, ["tokenizer"] = tokenizer, ["vocabulary"] = vocabulary,
            ["dtype"] = ShardFile.TypeOf(bytes), ["documents"] = files.Sum(f => f.Documents), ["tokens"] = files.Sum(f => f.Tokens),
            ["files"] = ShardJson.Of(files), ["made"] = made.DeepClone(),
        };
        WholeFile.Write(Path.Combine(folder, ShardSet.FileName), System.Text.Encoding.UTF8.GetBytes(json.ToJsonString() + "\n"));
    }

    void Close(string part)
    {
        closed.Add(open[part].Close());
        open.Remove(part);
    }

    void CheckLength(ShardFile file)
    {
        var (path, length) = (Path.Combine(folder, file.Name), file.Tokens * bytes);
        if (!File.Exists(path) || new FileInfo(path).Length != length)
            throw new InvalidDataException($"{path} is not as it was written, {length:N0} bytes; begin this set anew");
    }

    /// <summary>Removes what earlier sets left: files of their names, and no others.</summary>
    void RemoveOthers()
    {
        var own = closed.Select(f => f.Name).Concat(open.Select(f => ShardFile.NameOf(f.Key, f.Value.Number))).ToHashSet();
        foreach (var file in Directory.EnumerateFiles(folder).Where(IsOfSet))
            if (!own.Contains(Path.ChangeExtension(Path.GetFileName(file), ".bin"))) File.Delete(file);
    }

    static bool IsOfSet(string path) => Path.GetFileName(path) is var file && Path.GetExtension(file) is ".bin" or ".idx"
        && (file.StartsWith(ShardFile.Train, StringComparison.Ordinal) || file.StartsWith(ShardFile.Held, StringComparison.Ordinal))
        && file.Split('-') is [_, { Length: 9 } rest] && rest.AsSpan(0, 5).ContainsAnyExceptInRange('0', '9') is false;

    /// <summary>Closes the files; without <see cref="Finish"/> there is no set.</summary>
    public void Dispose()
    {
        foreach (var file in open.Values) file.Dispose();
        open.Clear();
    }
}
