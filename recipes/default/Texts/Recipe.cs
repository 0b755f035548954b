namespace Dayu.Recipes;

/// <summary>Where this recipe lies.</summary>
static class Recipe
{
    /// <summary>The folder with prompts.md: this one or one above the program.</summary>
    public static string Folder { get; } = Find();

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var recipe = Path.Combine(folder.FullName, "recipes", "default");
            if (File.Exists(Path.Combine(recipe, "prompts.md"))) return recipe;
        }
        throw new DirectoryNotFoundException("recipes/default is not above the program; run it from a clone");
    }
}
