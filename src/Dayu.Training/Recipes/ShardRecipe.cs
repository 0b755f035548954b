namespace Dayu.Training;

/// <summary>What a recipe leaves to the shards that it names: which sets a folder holds, and their tokenizer.</summary>
public static class ShardRecipe
{
    /// <summary>
    /// The recipe with a source for each set of a folder that holds several, and with the sets' tokenizer where it says none and
    /// begins with no model.
    /// </summary>
    /// <param name="recipe">Its paths lead somewhere.</param>
    /// <exception cref="RecipeException">A folder of several sets has one weight, or no tokenizer lies beside a set.</exception>
    public static Recipe Completed(Recipe recipe)
    {
        var sources = recipe.Data.Sources.SelectMany(Sets).ToArray();
        var tokenizer = recipe.Data.Tokenizer;
        if (tokenizer is null && recipe.Start == Recipe.Random && sources.FirstOrDefault(s => ShardSet.Is(s.Path)) is { } shards)
            tokenizer = ShardTokenizer.Beside(shards.Path) ?? throw new RecipeException(
                $"data.tokenizer: no tokenizer lies beside {shards.Path}, in it or in the folder above; put the one there that the set was "
                + "made with, or name it");
        return RecipeFile.Checked(recipe with { Data = recipe.Data with { Sources = sources, Tokenizer = tokenizer } });
    }

    static IEnumerable<SourceRecipe> Sets(SourceRecipe source)
    {
        if (ShardSet.Is(source.Path) || ShardSet.Within(source.Path) is not { Count: > 0 } sets) return [source];
        return source.Weight is null ? sets.Select(s => source with { Path = s, Name = Path.GetFileName(s) })
            : throw new RecipeException($"data.sources: {source.Path} has one weight and holds {sets.Count} sets; name each with its own: "
                + string.Join(", ", sets.Take(20).Select(Path.GetFileName)));
    }
}
