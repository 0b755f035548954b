namespace Dayu.Training;

/// <summary>
/// A source as it was opened: texts and conversations (<see cref="SourceText"/>), shards (<see cref="SourceShards"/>), or a file of token
/// ids (<see cref="SourceIds"/>).
/// </summary>
/// <param name="Recipe">Which.</param>
public abstract record SourceContent(SourceRecipe Recipe) : IDisposable
{
    /// <summary>Opens a source: what its path leads to says what it is.</summary>
    /// <param name="source">Which.</param>
    /// <param name="kind">What it holds, where it does not say so itself.</param>
    /// <exception cref="RecipeException">It cannot be read as a whole; the message says why.</exception>
    /// <exception cref="InvalidDataException">Its shards, or its file of ids, are damaged; the message says where.</exception>
    public static SourceContent Open(SourceRecipe source, SourceKind kind)
    {
        if (ShardSet.Is(source.Path)) return new SourceShards(source, ShardSet.Open(source.Path));
        if (ShardSet.Within(source.Path) is { Count: > 0 } sets)
            throw new RecipeException($"data.sources: {source.Path} holds {sets.Count} sets of shards; name those that are to be read: "
                + string.Join(", ", sets.Take(20).Select(Path.GetFileName)));
        if (Directory.Exists(source.Path))
            throw new RecipeException($"data.sources: {source.Path} is a folder without {ShardSet.FileName}; name a file in it");
        return IdFile.Is(source.Path) ? new SourceIds(source, new IdFile(source.Path)) : SourceText.Open(source, kind);
    }

    /// <summary>Whether a folder is a set of shards, or holds some.</summary>
    public static bool IsFolder(string path) => ShardSet.Is(path) || ShardSet.Within(path).Count > 0;

    /// <summary>Whether a file of this name holds token ids.</summary>
    public static bool IsIds(string path) => IdFile.Is(path);

    /// <summary>What is learnt from it and what is held out, as token ids.</summary>
    /// <param name="by">How texts become ids.</param>
    /// <param name="share">What is held out of what is not parted yet, 0 … below 1.</param>
    /// <param name="vocabulary">Tokens that the model has a row for.</param>
    /// <param name="window">Tokens that a conversation may have; null: any number.</param>
    /// <exception cref="RecipeException">It does not fit the tokenizer, or needs a chat template.</exception>
    internal abstract DataSource Tokenised(TextCoding by, double share, int vocabulary, int? window);

    /// <summary>Closes its files.</summary>
    public abstract void Dispose();
}

/// <summary>A source that was written as shards; what is held out of it was decided then.</summary>
/// <param name="Recipe">Which.</param>
/// <param name="Set">Its shards.</param>
public sealed record SourceShards(SourceRecipe Recipe, ShardSet Set) : SourceContent(Recipe)
{
    internal override DataSource Tokenised(TextCoding by, double share, int vocabulary, int? window)
    {
        if (by.Hash != Set.TokenizerHash)
            throw new RecipeException($"{Recipe.Path} was made with the tokenizer of SHA-256 {Set.TokenizerHash}, "
                + $"this training's has {by.Hash}. Begin with a model that has that tokenizer (start), name it (data.tokenizer"
                + $"{(Set.Tokenizer is { } own ? $": {own}" : "")}), or make the shards again");
        return new(Recipe, Set.Part(ShardFile.Train, vocabulary), Set.Part(ShardFile.Held, vocabulary), IsPacked: false, []);
    }

    /// <inheritdoc/>
    public override void Dispose() => Set.Dispose();
}

/// <summary>A source that is a file of token ids without an index: nanoGPT's <c>.bin</c>, or NumPy's <c>.npy</c>.</summary>
public sealed record SourceIds : SourceContent
{
    readonly IdFile file;

    internal SourceIds(SourceRecipe recipe, IdFile file) : base(recipe) => this.file = file;

    internal override DataSource Tokenised(TextCoding by, double share, int vocabulary, int? window)
    {
        var (training, validation) = file.Split(by.Tokenizer.Special.Eos, share, vocabulary);
        return new(Recipe, training, validation, IsPacked: false, []);
    }

    /// <inheritdoc/>
    public override void Dispose() => file.Dispose();
}
