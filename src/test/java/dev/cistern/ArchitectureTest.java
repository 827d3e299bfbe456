package dev.cistern;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.stream.Stream;

/** Which package may know which other. What a package may use is listed; everything else of ours it may not. */
@AnalyzeClasses(packages = "dev.cistern", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "dev.cistern.";

    @ArchTest
    static final ArchRule API = only("api");

    @ArchTest
    static final ArchRule KUBE = only("kube", "api");

    @ArchTest
    static final ArchRule STATUS = only("status", "api");

    @ArchTest
    static final ArchRule CATALOGUE = only("catalogue", "api");

    /** The seam itself, without the engines. */
    @ArchTest
    static final ArchRule ENGINE_SEAM = only("engine", "api", "catalogue", "kube");

    @ArchTest
    static final ArchRule TLS = only("tls", "engine");

    @ArchTest
    static final ArchRule FEATURE = only("feature", "api", "engine", "status");

    @ArchTest
    static final ArchRule OPERATION = only("operation", "api", "engine");

    @ArchTest
    static final ArchRule CONTROLLER =
            only("controller", "api", "catalogue", "engine", "feature", "kube", "operation", "status", "tls");

    @ArchTest
    static final ArchRule GATEWAY = only("gateway", "api", "engine", "kube", "status");

    @ArchTest
    static final ArchRule ENGINES = noClasses()
            .that()
            .resideInAPackage(ROOT + "engine.*..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.cistern..")
                    .and(resideOutsideOfPackage(ROOT + "engine.*.."))
                    .and(DescribedPredicate.not(resideInAnyPackage(
                            ROOT + "api", ROOT + "catalogue", ROOT + "engine", ROOT + "kube", ROOT + "tls"))));

    @ArchTest
    static final ArchRule NO_ENGINE_KNOWS_ANOTHER =
            slices().matching(ROOT + "engine.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule NOBODY_NAMES_AN_ENGINE = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "engine.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "engine.*..");

    // A class that its engine's driver makes by reflection has to be public, but inside another that is not.
    @ArchTest
    static final ArchRule ONE_DOOR_TO_AN_ENGINE = classes()
            .that()
            .resideInAPackage(ROOT + "engine.*..")
            .and()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .should()
            .haveSimpleNameEndingWith("Engine");

    @ArchTest
    static final ArchRule NO_CYCLES = slices().matching(ROOT + "(*)").should().beFreeOfCycles();

    private static ArchRule only(String name, String... known) {
        String[] allowed = Stream.concat(Stream.of(name), Arrays.stream(known))
                .map(p -> ROOT + p)
                .toArray(String[]::new);
        DescribedPredicate<JavaClass> others =
                resideInAPackage("dev.cistern..").and(DescribedPredicate.not(resideInAnyPackage(allowed)));
        return noClasses()
                .that()
                .resideInAPackage(ROOT + name)
                .should()
                .dependOnClassesThat(others)
                .as(name + " knows only " + Arrays.toString(known));
    }
}
