package dev.minicompete;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.minicompete.testing.MainClasses;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.groups.UniAwait;
import io.vertx.core.Verticle;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.persistence.Entity;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the picture of the packages. */
class ArchitectureTest {

    private static final String ROOT = "dev.minicompete";

    /**
     * The packages from the ground up, by the package that they are in. A package depends on those of lower levels only, not on
     * others of its own level.
     */
    private static final Map<String, List<Set<String>>> LEVELS = Map.of(
            "",
            List.of(
                    Set.of("platform"),
                    Set.of("idempotency", "jobs", "account"),
                    Set.of("competition", "mailbox"),
                    Set.of("registration"),
                    Set.of("reminder"),
                    Set.of("demo", "web")),
            "jobs.",
            List.of(Set.of("outbox", "queue"), Set.of("worker", "failed")),
            "platform.",
            List.of(
                    Set.of("vertx"),
                    Set.of("http"),
                    Set.of("postgres", "redis", "security", "telemetry"),
                    Set.of("bootstrap", "maintenance")),
            "platform.http.",
            List.of(Set.of("problem"), Set.of("json", "limits", "openapi", "paging"), Set.of("headers")));

    private static final JavaClasses CLASSES = MainClasses.ALL;

    /** The JVM, Hibernate and Quarkus find these by name; of the others only constants are used, which the compiler copies. */
    private static final Set<String> PUBLIC_WITHOUT_A_USE = Set.of(
            "platform.bootstrap.Main",
            "account.User",
            "platform.http.openapi.ApiDefinition",
            "platform.http.openapi.OpenApi");

    @Test
    void noPackagesFormACycle() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "jobs.", "platform.", "platform.http."})
    void dependenciesPointDown(String parent) {
        var levels = LEVELS.get(parent);
        for (var level = 0; level < levels.size(); level++) {
            for (var name : levels.get(level)) {
                var reachable = levels.subList(0, level).stream().flatMap(Set::stream);
                var forbidden = packages(parent).stream()
                        .filter(other -> !other.equals(name))
                        .collect(Collectors.toSet());
                forbidden.removeAll(reachable.collect(Collectors.toSet()));
                noClasses()
                        .that(resideInAPackage(path(parent + name)))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(forbidden.stream()
                                .map(other -> path(parent + other))
                                .toArray(String[]::new)))
                        .allowEmptyShould(true)
                        .check(CLASSES);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "jobs.", "platform.", "platform.http."})
    void everyPackageHasItsLevel(String parent) {
        assertThat(LEVELS.get(parent).stream().flatMap(Set::stream))
                .containsExactlyInAnyOrderElementsOf(packages(parent));
    }

    /** A class that only its own package uses is not public. Templates read public classes of {@code web}. */
    @Test
    void publicClassesAreUsedByOtherPackages() {
        assertThat(production().that(not(resideInAPackage(path("web")))).stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC) && !type.isNestedClass())
                        .filter(type -> type.getDirectDependenciesToSelf().stream()
                                .noneMatch(use ->
                                        !use.getOriginClass().getPackageName().equals(type.getPackageName())))
                        .map(type -> type.getName().substring(ROOT.length() + 1)))
                .containsExactlyInAnyOrderElementsOf(PUBLIC_WITHOUT_A_USE);
    }

    @Test
    void nothingOfProductionKnowsTheServersOfDevelopment() {
        noClasses()
                .that()
                .resideOutsideOfPackage(path("dev"))
                .should()
                .dependOnClassesThat(resideInAnyPackage(path("dev"), "io.zonky..", "redis.embedded.."))
                .check(CLASSES);
    }

    @Test
    void verticlesWorkOnJobs() {
        classes()
                .that()
                .areAssignableTo(Verticle.class)
                .should()
                // The job that sends mails has a verticle for each connection.
                .resideInAnyPackage(path("jobs"), path("mailbox"))
                .check(CLASSES);
    }

    @Test
    void threePackagesTalkToRedis() {
        noClasses()
                .that()
                .resideOutsideOfPackages(path("platform.redis"), path("jobs"), path("idempotency"))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.quarkus.redis..", "io.vertx.redis..", "io.vertx.mutiny.redis.."))
                .check(CLASSES);
    }

    @Test
    void nobodyBlocksButWhoStartsAndStopsTheProcess() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".jobs.worker.JobWorker")
                .should()
                .callCodeUnitWhere(targetOwnedBy(UniAwait.class))
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .allowEmptyShould(true)
                .check(production());
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".jobs.worker.JobWorker")
                .should()
                .callMethod(Uni.class, "await")
                .check(production());
    }

    /** Whatever a request waits for in PostgreSQL has the deadline that is there. */
    @Test
    void sessionsComeFromOnePackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage(path("platform.postgres"))
                .should()
                .callMethod(Panache.class, "withSession", Supplier.class)
                .orShould()
                .callMethod(Panache.class, "withTransaction", Supplier.class)
                .check(CLASSES);
    }

    /** The first query in it would load more than a thousand classes, which stay. */
    @Test
    void nobodyAsksInHibernatesOwnLanguage() {
        noClasses()
                .should()
                .callCodeUnitWhere(DescribedPredicate.describe(
                        "ask in Hibernate's own language", call -> isHibernatesLanguage(call.getTarget())))
                .check(CLASSES);
    }

    private static boolean isHibernatesLanguage(CodeUnitCallTarget target) {
        if (target.getOwner().isAssignableTo(Mutiny.QueryProducer.class)) {
            return Set.of("createQuery", "createSelectionQuery", "createMutationQuery", "createNamedQuery")
                    .contains(target.getName());
        }
        return target.getOwner().isAssignableTo(PanacheRepositoryBase.class)
                && (Set.of("findAll", "listAll", "count", "deleteAll").contains(target.getName())
                        || Set.of("find", "list", "update", "delete").contains(target.getName())
                                && target.getRawParameterTypes().stream()
                                        .findFirst()
                                        .filter(type -> type.isEquivalentTo(String.class))
                                        .isPresent());
    }

    @Test
    void timeComesFromTheClock() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".platform.bootstrap.ClockProducer")
                .should()
                .callCodeUnitWhere(
                        DescribedPredicate.describe("ask for the present time", call -> isNow(call.getTarget())))
                .check(production());
    }

    @Test
    void whatAClassNeedsComesThroughItsConstructor() {
        noFields()
                .should()
                .beAnnotatedWith(Inject.class)
                .orShould()
                .beAnnotatedWith(ConfigProperty.class)
                .check(CLASSES);
    }

    /** Quarkus denies the others to everybody; here whoever forgot it is told. */
    @Test
    void everyEndpointSaysWhoMayCallIt() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .areAnnotatedWith(Path.class)
                .and()
                .areMetaAnnotatedWith(HttpMethod.class)
                .should(sayWhoMayCallThem())
                .check(CLASSES);
    }

    @Test
    void entitiesDoNotCrossHttp() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .areAnnotatedWith(Path.class)
                .should(haveNoEntityInTheirSignature())
                .check(CLASSES);
    }

    private static boolean isNow(CodeUnitCallTarget target) {
        var owner = target.getOwner();
        return owner.getPackageName().equals("java.time")
                        && (target.getName().equals("now") || target.getName().startsWith("system"))
                || owner.isEquivalentTo(Clock.class) && target.getName().startsWith("tick")
                || owner.isEquivalentTo(System.class) && target.getName().equals("currentTimeMillis")
                || owner.isEquivalentTo(Date.class)
                        && target.getParameterTypes().isEmpty();
    }

    private static DescribedPredicate<JavaCall<?>> targetOwnedBy(Class<?> type) {
        return DescribedPredicate.describe(
                "belong to " + type.getSimpleName(),
                call -> call.getTarget().getOwner().isEquivalentTo(type));
    }

    private static ArchCondition<JavaMethod> sayWhoMayCallThem() {
        return new ArchCondition<>("say who may call them") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                var says = Stream.of(PermitAll.class, RolesAllowed.class, Authenticated.class)
                        .anyMatch(word -> method.isAnnotatedWith(word)
                                || method.getOwner().isAnnotatedWith(word));
                if (!says) {
                    events.add(SimpleConditionEvent.violated(method, method.getFullName() + " does not say it"));
                }
            }
        };
    }

    private static ArchCondition<JavaMethod> haveNoEntityInTheirSignature() {
        return new ArchCondition<>("have no entity in their signature") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                Stream.concat(Stream.of(method.getReturnType()), method.getParameterTypes().stream())
                        .flatMap(type -> type.getAllInvolvedRawTypes().stream())
                        .filter(type -> type.isAnnotatedWith(Entity.class))
                        .forEach(entity -> events.add(SimpleConditionEvent.violated(
                                method, method.getFullName() + " has " + entity.getName() + " in its signature")));
            }
        };
    }

    private static JavaClasses production() {
        return CLASSES.that(not(resideInAPackage(path("dev"))));
    }

    /** The packages directly below this one, without that of development. */
    private static Set<String> packages(String parent) {
        var prefix = ROOT + "." + parent;
        return CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()).split("\\.")[0])
                .filter(name -> !name.equals("dev"))
                .collect(Collectors.toSet());
    }

    private static String path(String name) {
        return ROOT + "." + name + "..";
    }
}
