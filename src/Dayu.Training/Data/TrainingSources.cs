namespace Dayu.Training;

/// <summary>
/// The sources of a training, opened and parsed once. Whoever trains on them several times (to plan and then to train, or by several
/// recipes) hands the same on: they are also tokenised once, as long as they are to be tokenised alike.
/// </summary>
/// <param name="contents">As they were opened, in the recipe's order.</param>
public sealed class TrainingSources(IReadOnlyList<SourceContent> contents) : IDisposable
{
    (Way Way, DataSource[] Made)? last;

    /// <summary>As they were opened.</summary>
    public IReadOnlyList<SourceContent> Contents => contents;

    /// <summary>Opens those of a recipe.</summary>
    /// <exception cref="RecipeException">One cannot be read as a whole.</exception>
    /// <exception cref="InvalidDataException">The files of one are damaged.</exception>
    public static TrainingSources Open(DataRecipe data) => Of(data.Sources, s => SourceContent.Open(s, data.Kind));

    /// <summary>Sources whose files are in memory.</summary>
    /// <param name="data">Says what they are.</param>
    /// <param name="texts">What the file of each holds.</param>
    public static TrainingSources Of(DataRecipe data, IReadOnlyList<string> texts) =>
        new([.. data.Sources.Zip(texts, (source, text) => SourceText.Of(source, data.Kind, text))]);

    /// <summary>Opens sources one after another; where one cannot be, those before it are closed.</summary>
    public static TrainingSources Of(IEnumerable<SourceRecipe> sources, Func<SourceRecipe, SourceContent> open)
    {
        var opened = new List<SourceContent>();
        try
        {
            foreach (var source in sources) opened.Add(open(source));
            return new(opened);
        }
        catch
        {
            foreach (var content in opened) content.Dispose();
            throw;
        }
    }

    /// <summary>As token ids.</summary>
    /// <inheritdoc cref="SourceContent.Tokenised"/>
    internal IReadOnlyList<DataSource> Tokenised(TextCoding by, double share, int vocabulary, int? window)
    {
        var way = new Way(by.Hash, by.Template, share, vocabulary, window);
        if (last is not { } known || known.Way != way)
            last = known = (way, [.. contents.Select(c => c.Tokenised(by, share, vocabulary, window))]);
        return known.Made;
    }

    /// <summary>Closes their files.</summary>
    public void Dispose()
    {
        foreach (var content in contents) content.Dispose();
    }

    /// <summary>All that the ids of a source depend on.</summary>
    sealed record Way(string Tokenizer, string? Template, double Share, int Vocabulary, int? Window);
}
