using Dayu.Models;

namespace Dayu.Training;

/// <summary>Low-rank pairs that are trained in place of a model's weights; see <see cref="AdapterConfig"/>.</summary>
public sealed record AdapterRecipe
{
    /// <summary>Rows of A and columns of B in each pair, r.</summary>
    public int Rank { get; set; } = 16;

    /// <summary>A pair is scaled by alpha / rank.</summary>
    public double Alpha { get; set; } = 32;

    /// <summary>
    /// Matrices that get a pair, by the ends of their names (<c>q_proj</c>); <c>all-linear</c>: every one of the blocks.
    /// </summary>
    public string[] Targets { get; set; } = [AdapterConfig.AllLinear];

    /// <summary>Whether a pair is scaled by alpha / √rank instead (rsLoRA, arXiv:2312.03732): for high ranks.</summary>
    public bool RankStabilised { get; set; }

    /// <summary>The same as a model takes it.</summary>
    /// <param name="start">The model that it is put on.</param>
    internal AdapterConfig ConfigOn(string start) =>
        new(Rank, Alpha) { Targets = Targets, IsRankStabilised = RankStabilised, Base = Path.GetFullPath(start) };

    /// <summary>
    /// A recipe whose start is an adapter's checkpoint, with what that is: its pairs are trained further. Others are left as they are.
    /// </summary>
    /// <exception cref="RecipeException">Other pairs are asked for than it has.</exception>
    public static Recipe Completed(Recipe recipe)
    {
        if (recipe.Start == Recipe.Random || !AdapterConfig.IsAlone(recipe.Start)) return recipe;
        var own = AdapterConfig.Read(AdapterConfig.FolderOf(recipe.Start));
        var found = new AdapterRecipe
        {
            Rank = own.Rank, Alpha = own.Alpha, Targets = [.. own.Targets], RankStabilised = own.IsRankStabilised,
        };
        if (recipe.Adapter is { } said && said with { Targets = found.Targets } != found)
            throw new RecipeException($"adapter has rank {said.Rank} and alpha {said.Alpha}, the pairs of {recipe.Start} "
                + $"{found.Rank} and {found.Alpha}; they are trained further as they are: leave adapter out", RecipeFault.Adapter);
        return recipe with { Adapter = found };
    }
}
