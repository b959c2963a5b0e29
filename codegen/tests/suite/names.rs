//! What operations are called whose ids frameworks have made, in any order of the document.

use std::collections::BTreeMap;

use lowcodeapi_codegen::{Config, Inputs, Source, generate};
use serde_json::{Map, Value, json};

/// The names of operations, given by method and path, id, and name. A tag follows the id after a space.
#[track_caller]
fn assert_named(operations: &[(&str, &str, &str)]) {
    for turned in [false, true] {
        let mut paths: Map<String, Value> = Map::new();
        let mut ordered = operations.to_vec();
        if turned {
            ordered.reverse();
        }
        for (key, id, _) in ordered {
            let (method, path) = key.split_once(' ').unwrap();
            let (id, tag) = id.split_once(' ').unwrap_or((id, ""));
            let parameters: Vec<Value> = path
                .split(['{', '}'])
                .skip(1)
                .step_by(2)
                .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
                .collect();
            let mut operation =
                json!({"operationId": id, "parameters": parameters, "responses": {"204": {"description": ""}}});
            if !tag.is_empty() {
                operation["tags"] = json!([tag]);
            }
            paths.entry(path).or_insert_with(|| json!({}))[method.to_lowercase()] = operation;
        }
        let text = json!({"openapi": "3.0.0", "info": {"title": "t", "version": "1"}, "paths": paths}).to_string();
        let inputs = Inputs::new(Source { name: "d.json", text: &text });
        let output = generate(&inputs, &Config::default()).output.unwrap();
        let lock: Value = serde_json::from_str(&output.lock.to_string()).unwrap();
        let found: BTreeMap<&str, &str> =
            operations.iter().map(|(key, ..)| (*key, lock["operations"][key]["name"].as_str().unwrap())).collect();
        let expected: BTreeMap<&str, &str> = operations.iter().map(|(key, _, name)| (*key, *name)).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn functions_with_path_and_method() {
    assert_named(&[
        ("POST /flows/filter", "read_flows_flows_filter_post", "read_flows"),
        ("GET /items/{item_id}/", "getItem_items__item_id___get", "get_item"),
        ("GET /", "root__get", "root"),
        ("GET /health-check", "health_health_check_get", "health"),
    ]);
    // The server adds what the framework does not know.
    assert_named(&[("GET /api/v2/flows", "list_flows_flows_get", "list_flows")]);
    // In a document whose ids are made otherwise, a name may end with the words of its path.
    assert_named(&[
        ("GET /permission_types", "story_permission_types_get", "story_permission_types_get"),
        ("GET /stories", "listStories", "list_stories"),
        ("GET /story/{id}", "getStory", "get_story"),
    ]);
    // Braces are nothing that people write.
    assert_named(&[
        ("GET /story/{id}", "read_story__id__get", "read"),
        ("GET /stories", "listStories", "list_stories"),
        ("GET /tales", "listTales", "list_tales"),
    ]);
}

#[test]
fn functions_of_several_routers_are_told_apart() {
    assert_named(&[
        ("GET /users", "get_all_users_get Users", "get_all_users"),
        ("GET /orders", "get_all_orders_get Orders", "get_all_orders"),
        ("POST /users", "create_users_post Users", "create_user"),
        ("POST /orders", "create_orders_post Orders", "create_order"),
        ("GET /orders/{id}", "get_by_id_orders__id__get Orders", "get_order_by_id"),
        ("GET /users/{id}", "get_by_id_users__id__get Users", "get_user_by_id"),
    ]);
    // A tag that is a title is no part of a name.
    assert_named(&[
        ("GET /a", "read_a_get", "read_a"),
        ("GET /b", "read_b_get", "read_b"),
        ("GET /c", "read_c_get", "read_c"),
    ]);
}

#[test]
fn functions_of_classes() {
    assert_named(&[
        ("GET /cats", "CatsController_findAll", "cats_find_all"),
        ("GET /dogs", "DogsController_findAll", "dogs_find_all"),
        ("POST /dogs", "DogsController_walkDog", "walk_dog"),
        ("GET /v2/dogs", "DogsController_listDogs_v2", "list_dogs_v2"),
        ("GET /b", "BookingsController_2024_08_13_getBooking", "get_booking"),
        ("GET /c", "MyAppWeb.UserController.show", "show"),
        ("GET /d", "UserAccountCtrl.getBalance", "get_balance"),
        ("GET /e", "App\\\\Controller\\\\PageController::index", "index"),
        ("GET /f", "getReplicationController", "get_replication_controller"),
        ("GET /g", "Controllers_List", "controllers_list"),
    ]);
    // In a document whose ids all have a class, other words are those of classes too.
    assert_named(&[
        ("GET /a", "WorkflowService_ListWorkflows", "list_workflows"),
        ("GET /b", "WorkflowService_Describe", "workflow_describe"),
        ("GET /c", "ScheduleService_ListSchedules", "list_schedules"),
    ]);
    assert_named(&[
        ("GET /a", "ApiManagementService_ListAll", "api_management_service_list_all"),
        ("GET /b", "Operations_List", "operations_list"),
    ]);
}

#[test]
fn other_additions_of_frameworks() {
    assert_named(&[
        ("GET /a", "getUserUsingGET", "get_user"),
        ("POST /a", "addUserUsingPOST_1", "add_user"),
        ("GET /b", "findUsingGET", "find"),
    ]);
    assert_named(&[
        ("GET /files/v3/files", "get-/files/v3/files_getPage", "get_page"),
        ("DELETE /files/v3/{id}", "delete-/files/v3/{id}_archive", "archive"),
        ("GET /oauth", "get-/oauth", "get_oauth"),
    ]);
    assert_named(&[
        ("GET /a", "shop.api.v1.views.user.get_user", "user_get_user"),
        ("GET /b", "shop.api.v1.views.order.get_order", "order_get_order"),
    ]);
    assert_named(&[("GET /a", "pets.list", "pets_list"), ("GET /b", "pets.get", "pets_get")]);
    assert_named(&[
        ("GET /a", "api_v1_users_list", "users_list"),
        ("GET /b", "api_v1_users_retrieve", "users_retrieve"),
    ]);
    assert_named(&[
        ("DELETE /a", "addressRepositoryV1DeleteByIdDelete", "address_repository_v1_delete_by_id"),
        ("PUT /a", "addressRepositoryV1SavePut", "address_repository_v1_save"),
        ("GET /b", "orderItemsGet", "order_items_get"),
    ]);
    assert_named(&[("GET /a", "GET--version-a", "get_version_a"), ("GET /b", "table_2", "table_2")]);
}
